// Usage: STRIPE_API_BASE=http://127.0.0.1:5081 STRIPE_SECRET_KEY=sk_test_… node judge.mjs
// Every call goes through the official SDK, unchanged but for host, port and protocol.
import assert from 'node:assert/strict';
import http from 'node:http';
import Stripe from 'stripe';
import judgeCatalogue from './catalogue.mjs';
import { judgeCli } from './cli.mjs';
import judgeConventions from './conventions.mjs';
import judgePayments from './payments.mjs';
import { compare, listen, remember } from './shapes.mjs';
import judgeSubscriptions from './subscriptions.mjs';

const base = new URL(process.env.STRIPE_API_BASE);
const key = process.env.STRIPE_SECRET_KEY;
const way = await listen(base);
const options = { host: '127.0.0.1', port: way.address().port, protocol: 'http', telemetry: false, maxNetworkRetries: 0 };
const stripe = new Stripe(key, options);

const hooks = [];
let endpoint;
const receiver = http.createServer((request, response) => {
  let body = '';
  request.on('data', (part) => (body += part));
  request.on('end', () => {
    try {
      hooks.push(stripe.webhooks.constructEvent(body, request.headers['stripe-signature'], endpoint.secret));
      remember(JSON.parse(body), 'webhook');
      response.writeHead(200).end();
    } catch (error) {
      hooks.push({ type: 'bad signature: ' + error.message });
      response.writeHead(400).end();
    }
  });
});
await new Promise((ready) => receiver.listen(0, '127.0.0.1', ready));

let judged = 0;
async function judge(what, act) {
  try {
    await act();
    judged++;
    console.log(`ok   ${what}`);
  } catch (error) {
    console.log(`FAIL ${what}\n${error.stack}`);
    process.exitCode = 1;
  }
}
async function until(what, check) {
  for (let i = 0; i < 400; i++) {
    const found = await check();
    if (found) return found;
    await new Promise((later) => setTimeout(later, 50));
  }
  assert.fail(`waited 20 s for ${what}`);
}
const post = (url, fields) => fetch(url, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' });
const card = { email: 'ann@test.example', number: '4242424242424242', expiration: '12/34', cvc: '123', name: 'Ann' };

const run = Date.now();
const starter = await stripe.products.create({ name: 'Starter', metadata: { plan: 'starter' } });
const plus = await stripe.products.create({ name: 'Plus' });
const month = await stripe.prices.create({ product: starter.id, unit_amount: 900, currency: 'usd', recurring: { interval: 'month' }, lookup_key: `starter_month_${run}` });
const plusMonth = await stripe.prices.create({ product: plus.id, unit_amount: 2900, currency: 'usd', recurring: { interval: 'month' } });

await judge('webhook endpoint: created with its secret, which is not shown again', async () => {
  endpoint = await stripe.webhookEndpoints.create({ url: `http://127.0.0.1:${receiver.address().port}/`, enabled_events: ['*'] });
  assert.match(endpoint.secret, /^whsec_/);
  assert.equal((await stripe.webhookEndpoints.retrieve(endpoint.id)).secret, undefined);
});

await judge('errors: the SDK throws its own classes', async () => {
  await assert.rejects(new Stripe('sk_test_wrong_key_0000', options).customers.list(), Stripe.errors.StripeAuthenticationError);
  await assert.rejects(stripe.customers.retrieve('cus_none'), (e) => e instanceof Stripe.errors.StripeInvalidRequestError && e.code === 'resource_missing' && e.statusCode === 404 && e.requestId.startsWith('req_'));
  const declined = await stripe.customers.create({ email: 'declined@test.example' });
  await assert.rejects(stripe.paymentMethods.attach('pm_card_chargeDeclined', { customer: declined.id }), (e) => e instanceof Stripe.errors.StripeCardError && e.code === 'card_declined');
});

await judge('idempotency: same key same answer, other parameters refused', async () => {
  const once = { idempotencyKey: `once-${run}` };
  const [a, b] = [await stripe.customers.create({ email: 'a@test.example' }, once), await stripe.customers.create({ email: 'a@test.example' }, once)];
  assert.equal(a.id, b.id);
  assert.equal(b.lastResponse.headers['idempotent-replayed'], 'true');
  await assert.rejects(stripe.customers.create({ email: 'b@test.example' }, once), Stripe.errors.StripeIdempotencyError);
});

await judge('lists: the SDK pages through all of them by itself', async () => {
  const email = `page-${run}@test.example`;
  for (let i = 0; i < 7; i++) await stripe.customers.create({ email, name: `n${i}` });
  const names = [];
  for await (const customer of stripe.customers.list({ email, limit: 3 })) names.push(customer.name);
  assert.deepEqual(names, ['n6', 'n5', 'n4', 'n3', 'n2', 'n1', 'n0']);
});

await judge('prices by lookup key, with the product expanded', async () => {
  const found = await stripe.prices.list({ lookup_keys: [`starter_month_${run}`], expand: ['data.product'] });
  assert.equal(found.data[0].product.metadata.plan, 'starter');
});

let subscription;
await judge('checkout: declined, then paid; session, subscription, invoice and payment agree', async () => {
  const customer = await stripe.customers.create({ email: 'ann@test.example', metadata: { user: '1' } });
  const session = await stripe.checkout.sessions.create({
    mode: 'subscription', customer: customer.id, client_reference_id: 'user-1', line_items: [{ price: month.id, quantity: 1 }],
    subscription_data: { metadata: { user: '1' } }, success_url: 'https://shop.example/ok?s={CHECKOUT_SESSION_ID}', cancel_url: 'https://shop.example/no', allow_promotion_codes: true,
  });
  assert.equal((await post(session.url, { ...card, number: '4000000000000002' })).status, 402);
  const paid = await post(session.url, card);
  assert.equal(paid.headers.get('location'), `https://shop.example/ok?s=${session.id}`);
  const done = await stripe.checkout.sessions.retrieve(session.id, { expand: ['line_items', 'subscription.latest_invoice.payments.data.payment.payment_intent'] });
  subscription = done.subscription;
  assert.deepEqual([done.status, done.payment_status, subscription.status, subscription.metadata.user], ['complete', 'paid', 'active', '1']);
  const invoice = subscription.latest_invoice;
  assert.equal(invoice.parent.subscription_details.subscription, subscription.id);
  assert.equal(invoice.lines.data[0].pricing.price_details.price, month.id);
  assert.equal(invoice.payments.data[0].payment.payment_intent.status, 'succeeded');
  assert.ok(subscription.items.data[0].current_period_end > subscription.items.data[0].current_period_start);
});

await judge('webhooks: signed so that the SDK accepts them, in order', async () => {
  await until('checkout.session.completed', () => hooks.some((e) => e.type === 'checkout.session.completed'));
  const types = hooks.map((e) => e.type);
  assert.ok(!types.some((t) => t.startsWith('bad')), types.join());
  const story = ['customer.subscription.created', 'invoice.created', 'invoice.finalized', 'invoice.paid', 'invoice.payment_succeeded', 'customer.subscription.updated', 'checkout.session.completed'];
  assert.deepEqual(types.filter((t) => story.includes(t)), story);
});

await judge('events: what was sent can be listed and read back', async () => {
  const event = hooks.find((e) => e.type === 'invoice.paid');
  assert.deepEqual((await stripe.events.retrieve(event.id)).data.object, event.data.object);
  assert.ok((await stripe.events.list({ types: ['invoice.paid'], created: { gte: event.created } })).data.some((e) => e.id === event.id));
});

await judge('upgrade: the preview is what is billed', async () => {
  const items = [{ id: subscription.items.data[0].id, price: plusMonth.id }];
  const proration_date = Math.floor(subscription.items.data[0].current_period_start + 60);
  const preview = await stripe.invoices.createPreview({ subscription: subscription.id, subscription_details: { items, proration_behavior: 'always_invoice', proration_date } });
  const updated = await stripe.subscriptions.update(subscription.id, { items, proration_behavior: 'always_invoice', proration_date, payment_behavior: 'pending_if_incomplete', expand: ['latest_invoice'] });
  assert.equal(updated.pending_update, null);
  assert.deepEqual(updated.latest_invoice.lines.data.map((l) => l.amount), preview.lines.data.map((l) => l.amount));
  assert.equal(updated.latest_invoice.amount_paid, preview.amount_due);
});

await judge('refunds: two parts, then no more', async () => {
  const [charge] = (await stripe.charges.list({ customer: subscription.customer, limit: 1 })).data;
  await stripe.refunds.create({ charge: charge.id, amount: 500 });
  const second = await stripe.refunds.create({ payment_intent: charge.payment_intent, expand: ['charge'] });
  assert.equal(second.charge.refunded, true);
  await assert.rejects(stripe.refunds.create({ charge: charge.id }), (e) => e.code === 'charge_already_refunded');
});

await judge('test clock: 31 January, a leap day, a failed renewal, recovery', async () => {
  const clock = await stripe.testHelpers.testClocks.create({ frozen_time: Date.UTC(2028, 0, 31, 10) / 1000 });
  const advance = async (time) => {
    await stripe.testHelpers.testClocks.advance(clock.id, { frozen_time: time / 1000 });
    await until('the test clock', async () => (await stripe.testHelpers.testClocks.retrieve(clock.id)).status === 'ready');
  };
  const customer = await stripe.customers.create({ test_clock: clock.id, payment_method: 'pm_card_visa', invoice_settings: { default_payment_method: 'pm_card_visa' } });
  const { id } = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: month.id }] });
  const end = async () => new Date((await stripe.subscriptions.retrieve(id)).items.data[0].current_period_end * 1000).toISOString().slice(0, 10);
  assert.equal(await end(), '2028-02-29');
  await advance(Date.UTC(2028, 2, 1));
  assert.equal(await end(), '2028-03-31');
  const bad = await stripe.paymentMethods.attach('pm_card_chargeCustomerFail', { customer: customer.id });
  await stripe.customers.update(customer.id, { invoice_settings: { default_payment_method: bad.id } });
  await advance(Date.UTC(2028, 3, 1));
  const late = await stripe.subscriptions.retrieve(id, { expand: ['latest_invoice'] });
  assert.deepEqual([late.status, late.latest_invoice.status, late.latest_invoice.attempt_count], ['past_due', 'open', 1]);
  // The clock of a test says when an event happened, and not when it is sent.
  const told = await until('the failed renewal to be told', () => hooks.find((e) => e.type === 'invoice.payment_failed' && e.data.object.id === late.latest_invoice.id));
  assert.equal(new Date(told.created * 1000).toISOString().slice(0, 10), '2028-03-31');
  await assert.rejects(stripe.invoices.pay(late.latest_invoice.id), Stripe.errors.StripeCardError);
  assert.equal((await stripe.invoices.pay(late.latest_invoice.id, { payment_method: 'pm_card_visa' })).status, 'paid');
  assert.equal((await stripe.subscriptions.retrieve(id)).status, 'active');
});

await judge('3-D Secure: incomplete until the bank page is completed', async () => {
  const customer = await stripe.customers.create({ email: '3ds@test.example' });
  await stripe.paymentMethods.attach('pm_card_authenticationRequired', { customer: customer.id }).then((m) => stripe.customers.update(customer.id, { invoice_settings: { default_payment_method: m.id } }));
  const waiting = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: month.id }], expand: ['latest_invoice.payments.data.payment.payment_intent'] });
  const intent = waiting.latest_invoice.payments.data[0].payment.payment_intent;
  assert.deepEqual([waiting.status, intent.status], ['incomplete', 'requires_action']);
  await post(intent.next_action.redirect_to_url.url, { outcome: 'complete' });
  assert.equal((await stripe.subscriptions.retrieve(waiting.id)).status, 'active');
});

await judge('coupons, promotion codes, portal, disputes', async () => {
  const coupon = await stripe.coupons.create({ percent_off: 25, duration: 'once' });
  const code = await stripe.promotionCodes.create({ promotion: { type: 'coupon', coupon: coupon.id }, code: `Q${run}` });
  assert.equal((await stripe.promotionCodes.list({ code: `Q${run}` })).data[0].id, code.id);
  const configuration = await stripe.billingPortal.configurations.create({ features: { invoice_history: { enabled: true } } });
  const portal = await stripe.billingPortal.sessions.create({ customer: subscription.customer, configuration: configuration.id, return_url: 'https://shop.example/' });
  assert.equal((await fetch(portal.url)).status, 200);
  const intent = await stripe.paymentIntents.create({ amount: 1200, currency: 'usd', payment_method: 'pm_card_createDispute', confirm: true, allowed_payment_method_types: ['card'] });
  const [dispute] = (await stripe.disputes.list({ payment_intent: intent.id })).data;
  assert.equal((await stripe.disputes.update(dispute.id, { evidence: { uncategorized_text: 'winning_evidence' }, submit: true })).status, 'won');
});

const world = { stripe, judge, until, hooks, post, card, run, month, plusMonth };
await judgeCatalogue(world);
await judgeConventions(world);
await judgeSubscriptions(world);
await judgePayments(world);
await judgeCli(judge, `http://127.0.0.1:${way.address().port}`, key);

await judge('shapes: all that was answered and sent has the types that the SDK declares', async () => {
  const { count, objects, complaints } = await compare();
  assert.equal(complaints, '');
  // Nothing of what is named in the documents was left out.
  const named = ['customer', 'product', 'price', 'checkout.session', 'subscription', 'subscription_schedule', 'billing_portal.configuration', 'billing_portal.session', 'invoice', 'payment_intent', 'charge', 'refund', 'dispute',
    'event', 'webhook_endpoint', 'coupon', 'promotion_code', 'test_helpers.test_clock'];
  assert.deepEqual(named.filter((object) => !objects.has(object)), []);
  assert.ok(count > 150, `${count} shapes`);
});

await stripe.webhookEndpoints.del(endpoint.id);
for (const server of [receiver, way]) {
  server.close();
  server.closeAllConnections();
}
console.log(`${judged} judged`);
