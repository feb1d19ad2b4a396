// The same, by Stripe's own command line.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const shim = join(dirname(createRequire(import.meta.url).resolve('@stripe/cli/package.json')), 'bin', 'shim.js');
// A home of its own: nobody's signed-in account is touched.
const home = mkdtempSync(join(tmpdir(), 'stripe-cli-'));
const env = { ...process.env, HOME: home, USERPROFILE: home, XDG_CONFIG_HOME: home, STRIPE_CLI_TELEMETRY_OPTOUT: '1' };

// The command line's fixtures of a payment intent send payment_method_types, which the API refuses since 2026-09-30:
// https://docs.stripe.com/changelog/endive/2026-09-30/removes-the-payment-method-types-parameter-from-payment-intents-and-setup-intents
const fixtureEdits = type => ['payment_intent.succeeded', 'payment_intent.requires_action', 'charge.refunded', 'charge.dispute.created'].includes(type) ? ['--remove', 'payment_intent:payment_method_types'] : [];

export async function judgeCli(judge, base, key) {
  const cli = async (...words) => (await run(process.execPath, [shim, ...words, '--api-base', base, '--api-key', key], { env })).stdout;

  await judge('command line: create, list, get', async () => {
    const made = JSON.parse(await cli('customers', 'create', '-d', 'email=cli@test.example'));
    assert.equal(JSON.parse(await cli('get', `/v1/customers/${made.id}`)).email, 'cli@test.example');
    assert.equal(JSON.parse(await cli('customers', 'list', '--limit', '1')).data[0].id, made.id);
  });

  for (const type of ['checkout.session.completed', 'customer.subscription.created', 'customer.subscription.updated', 'customer.subscription.deleted', 'invoice.payment_succeeded', 'invoice.payment_failed',
    'invoice.voided', 'payment_intent.succeeded', 'payment_intent.requires_action', 'charge.refunded', 'charge.dispute.created', 'subscription_schedule.canceled']) {
    await judge(`command line: stripe trigger ${type}`, async () => {
      assert.match(await cli('trigger', type, ...fixtureEdits(type)), /Trigger succeeded/);
      assert.equal(JSON.parse(await cli('events', 'list', '-d', `type=${type}`, '--limit', '1')).data[0].type, type);
    });
  }
}
