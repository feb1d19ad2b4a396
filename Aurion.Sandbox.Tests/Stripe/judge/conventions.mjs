// What all calls have in common: errors, expansion, cursors, keys.
import assert from 'node:assert/strict';
import Stripe from 'stripe';

export default async function judgeConventions({ stripe, judge, run, month }) {
  await judge('errors: each names its parameter and its code', async () => {
    const refused = async (call, param, code) => {
      const error = await call.then(() => assert.fail(`${param} was accepted`), (e) => e);
      assert.ok(error instanceof Stripe.errors.StripeInvalidRequestError, error.stack);
      assert.deepEqual([error.param, error.code, error.statusCode, error.rawType], [param, code, 400, 'invalid_request_error']);
    };
    await refused(stripe.customers.create({ emial: 'x' }), 'emial', 'parameter_unknown');
    await refused(stripe.products.create({}), 'name', 'parameter_missing');
    await refused(stripe.prices.create({ currency: 'usd', product: 'prod_none', unit_amount: 1 }), 'product', 'resource_missing');
    await refused(stripe.customers.list({ limit: 1000 }), 'limit', 'parameter_invalid_integer');
    await refused(stripe.customers.list({ starting_after: 'cus_none' }), 'starting_after', 'resource_missing');
    await refused(stripe.subscriptions.create({ customer: 'cus_none', items: [{ price: month.id }] }), 'customer', 'resource_missing');
    await refused(stripe.prices.create({ currency: 'usd', product: month.product, unit_amount: 'nine' }), 'unit_amount', 'parameter_invalid_integer');
    await assert.rejects(stripe.rawRequest('GET', '/v1/no_such_thing'), (e) => e.statusCode === 404 && e.type === 'StripeInvalidRequestError');
  });

  await judge('errors: a decline carries its code, its charge and its intent', async () => {
    const customer = await stripe.customers.create({ payment_method: 'pm_card_chargeCustomerFail', invoice_settings: { default_payment_method: 'pm_card_chargeCustomerFail' } });
    const error = await stripe.paymentIntents.create({ amount: 900, currency: 'usd', customer: customer.id, payment_method: customer.invoice_settings.default_payment_method, confirm: true, off_session: true, allowed_payment_method_types: ['card'] }).then(() => assert.fail('paid'), (e) => e);
    assert.ok(error instanceof Stripe.errors.StripeCardError);
    assert.deepEqual([error.code, error.decline_code, error.statusCode, error.payment_intent.status], ['card_declined', 'generic_decline', 402, 'requires_payment_method']);
    assert.equal((await stripe.charges.retrieve(error.charge)).status, 'failed');
  });

  await judge('cursors: forwards and backwards, the same page either way', async () => {
    const email = `cursor-${run}@test.example`;
    const made = [];
    for (let i = 0; i < 5; i++) made.unshift((await stripe.customers.create({ email })).id);
    const ids = (page) => page.data.map((c) => c.id);
    const first = await stripe.customers.list({ email, limit: 2 });
    assert.deepEqual([ids(first), first.has_more, first.url], [made.slice(0, 2), true, '/v1/customers']);
    const second = await stripe.customers.list({ email, limit: 2, starting_after: made[1] });
    assert.deepEqual([ids(second), second.has_more], [made.slice(2, 4), true]);
    const last = await stripe.customers.list({ email, limit: 2, starting_after: made[3] });
    assert.deepEqual([ids(last), last.has_more], [made.slice(4), false]);
    const back = await stripe.customers.list({ email, limit: 2, ending_before: made[3] });
    assert.deepEqual([ids(back), back.has_more], [made.slice(1, 3), true]);
    const upwards = [];
    for await (const customer of stripe.customers.list({ email, limit: 2, ending_before: made[4] })) upwards.push(customer.id);
    assert.deepEqual(upwards, made.slice(0, 4).reverse());
  });

  await judge('expansion: nested, in lists, and refused where there is nothing to expand', async () => {
    const customer = await stripe.customers.create({ payment_method: 'pm_card_visa', invoice_settings: { default_payment_method: 'pm_card_visa' }, expand: ['invoice_settings.default_payment_method'] });
    assert.equal(customer.invoice_settings.default_payment_method.card.last4, '4242');
    const { id } = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: month.id }] });
    const list = await stripe.subscriptions.list({ customer: customer.id, expand: ['data.customer', 'data.latest_invoice.payments.data.payment.payment_intent.latest_charge', 'data.items.data.price.product'] });
    assert.deepEqual(list.data.map((s) => [s.id, s.customer.id, s.latest_invoice.payments.data[0].payment.payment_intent.latest_charge.paid, s.items.data[0].price.product.name]), [[id, customer.id, true, 'Starter']]);
    await assert.rejects(stripe.subscriptions.retrieve(id, { expand: ['nothing'] }), (e) => e.type === 'StripeInvalidRequestError' && /cannot be expanded/.test(e.message));
  });

  await judge('idempotency: a decline is kept as well, a refused call is not', async () => {
    const customer = await stripe.customers.create({});
    const key = { idempotencyKey: `declined-${run}` };
    const pay = () => stripe.paymentIntents.create({ amount: 900, currency: 'usd', customer: customer.id, payment_method: 'pm_card_chargeDeclined', confirm: true, allowed_payment_method_types: ['card'] }, key).then(() => assert.fail('paid'), (e) => e);
    const [first, second] = [await pay(), await pay()];
    assert.deepEqual([second.code, second.payment_intent.id], ['card_declined', first.payment_intent.id]);
    assert.equal((await stripe.paymentIntents.list({ customer: customer.id })).data.length, 1);
    const once = { idempotencyKey: `refused-${run}` };
    await assert.rejects(stripe.products.create({}, once));
    assert.equal((await stripe.products.create({ name: 'Now with a name' }, once).catch((e) => e)).name, 'Now with a name');
  });
}
