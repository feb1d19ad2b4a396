// Checkout of single payments and of cards, payment intents, charges, refunds, disputes.
import assert from 'node:assert/strict';

export default async function judgePayments({ stripe, judge, until, hooks, post, card, run, month }) {
  const pack = await stripe.prices.create({ currency: 'usd', unit_amount: 1000, product_data: { name: 'Pack of credits' } });
  const urls = { success_url: 'https://shop.example/ok', cancel_url: 'https://shop.example/no' };

  await judge('checkout in payment mode: code, receipt, invoice, line items', async () => {
    const coupon = await stripe.coupons.create({ percent_off: 20, duration: 'once' });
    const code = await stripe.promotionCodes.create({ promotion: { type: 'coupon', coupon: coupon.id } });
    const session = await stripe.checkout.sessions.create({ ...urls, mode: 'payment', customer_creation: 'always', line_items: [{ price: pack.id, quantity: 2 }], discounts: [{ promotion_code: code.id }],
      metadata: { pack: 'small' }, payment_intent_data: { metadata: { pack: 'small' }, setup_future_usage: 'off_session' }, invoice_creation: { enabled: true }, expand: ['line_items'] });
    assert.deepEqual([session.amount_subtotal, session.amount_total, session.payment_status, session.line_items.data[0].quantity], [2000, 1600, 'unpaid', 2]);
    assert.equal((await post(session.url, card)).headers.get('location'), 'https://shop.example/ok');
    const done = await stripe.checkout.sessions.retrieve(session.id, { expand: ['payment_intent.latest_charge', 'invoice', 'customer'] });
    assert.deepEqual([done.status, done.payment_status, done.url, done.payment_intent.metadata.pack, done.payment_intent.latest_charge.amount_captured, done.invoice.status, done.customer.email], ['complete', 'paid', null, 'small', 1600, 'paid', card.email]);
    assert.deepEqual((await stripe.checkout.sessions.listLineItems(session.id)).data.map((l) => [l.amount_discount, l.amount_total]), [[400, 1600]]);
    assert.deepEqual((await stripe.checkout.sessions.list({ payment_intent: done.payment_intent.id })).data.map((s) => s.id), [session.id]);
    const pdf = await fetch(done.invoice.invoice_pdf);
    assert.deepEqual([pdf.status, pdf.headers.get('content-type'), Buffer.from(await pdf.arrayBuffer()).subarray(0, 5).toString()], [200, 'application/pdf', '%PDF-']);
    assert.equal((await fetch(done.invoice.hosted_invoice_url)).status, 200);
  });

  await judge('checkout: expired, it can no longer be paid', async () => {
    const session = await stripe.checkout.sessions.create({ ...urls, mode: 'payment', line_items: [{ price: pack.id, quantity: 1 }] });
    assert.deepEqual([(await stripe.checkout.sessions.update(session.id, { metadata: { a: '1' } })).metadata, (await stripe.checkout.sessions.list({ status: 'open', limit: 1 })).data[0].id], [{ a: '1' }, session.id]);
    const expired = await stripe.checkout.sessions.expire(session.id);
    assert.deepEqual([expired.status, expired.url], ['expired', null]);
    await assert.rejects(stripe.checkout.sessions.expire(session.id), (e) => e.type === 'StripeInvalidRequestError');
    assert.notEqual((await post(session.url, card)).status, 303);
    await until('its event', () => hooks.some((e) => e.type === 'checkout.session.expired' && e.data.object.id === session.id));
  });

  await judge('checkout in setup mode: the card is kept and nothing is paid', async () => {
    const customer = await stripe.customers.create({ email: card.email });
    const session = await stripe.checkout.sessions.create({ ...urls, mode: 'setup', customer: customer.id, currency: 'usd', allowed_payment_method_types: ['card'], setup_intent_data: { metadata: { a: '1' } } });
    await post(session.url, card);
    const done = await stripe.checkout.sessions.retrieve(session.id, { expand: ['setup_intent.payment_method'] });
    assert.deepEqual([done.status, done.payment_status, done.setup_intent.status, done.setup_intent.payment_method.card.last4], ['complete', 'no_payment_required', 'succeeded', '4242']);
    assert.deepEqual((await stripe.customers.listPaymentMethods(customer.id)).data.map((m) => m.id), [done.setup_intent.payment_method.id]);
    assert.deepEqual((await stripe.setupIntents.list({ customer: customer.id })).data.map((i) => i.id), [done.setup_intent.id]);
    await stripe.paymentMethods.update(done.setup_intent.payment_method.id, { billing_details: { name: 'Bob' } });
    assert.equal((await stripe.paymentMethods.detach(done.setup_intent.payment_method.id)).customer, null);
  });

  await judge('payment intents: created, changed, confirmed, cancelled, listed', async () => {
    const customer = await stripe.customers.create({ payment_method: 'pm_card_mastercard' });
    const [method] = (await stripe.paymentMethods.list({ customer: customer.id, type: 'card' })).data;
    const intent = await stripe.paymentIntents.create({ amount: 1500, currency: 'usd', customer: customer.id, description: 'Top-up', metadata: { a: '1' }, automatic_payment_methods: { enabled: true, allow_redirects: 'never' } });
    assert.equal(intent.status, 'requires_payment_method');
    await stripe.paymentIntents.update(intent.id, { amount: 1600, metadata: { b: '2' } });
    const paid = await stripe.paymentIntents.confirm(intent.id, { payment_method: method.id, off_session: true, expand: ['latest_charge.balance_transaction'] });
    assert.deepEqual([paid.status, paid.amount_received, paid.metadata, paid.latest_charge.balance_transaction.amount], ['succeeded', 1600, { a: '1', b: '2' }, 1600]);
    await assert.rejects(stripe.paymentIntents.cancel(intent.id), (e) => e.code === 'payment_intent_unexpected_state');
    const other = await stripe.paymentIntents.create({ amount: 100, currency: 'usd', customer: customer.id });
    assert.deepEqual([(await stripe.paymentIntents.cancel(other.id, { cancellation_reason: 'abandoned' })).status], ['canceled']);
    assert.deepEqual((await stripe.paymentIntents.list({ customer: customer.id })).data.map((i) => i.id), [other.id, intent.id]);
    assert.equal((await stripe.charges.update(paid.latest_charge.id, { description: 'Changed' })).description, 'Changed');
    await assert.rejects(stripe.paymentIntents.create({ amount: 10, currency: 'usd' }), (e) => e.code === 'amount_too_small');
  });

  await judge('refunds: in part, changed, listed, too much refused, told to endpoints', async () => {
    const intent = await stripe.paymentIntents.create({ amount: 1000, currency: 'usd', payment_method: 'pm_card_visa', confirm: true, allowed_payment_method_types: ['card'] });
    await assert.rejects(stripe.refunds.create({ payment_intent: intent.id, amount: 1001 }), (e) => e.type === 'StripeInvalidRequestError' && e.param === 'amount');
    const refund = await stripe.refunds.create({ payment_intent: intent.id, amount: 400, reason: 'requested_by_customer', metadata: { a: '1' } });
    assert.deepEqual([refund.status, refund.amount], ['succeeded', 400]);
    await stripe.refunds.update(refund.id, { metadata: { b: '2' } });
    assert.deepEqual((await stripe.refunds.retrieve(refund.id)).metadata, { a: '1', b: '2' });
    assert.deepEqual((await stripe.refunds.list({ payment_intent: intent.id })).data.map((r) => r.id), [refund.id]);
    assert.deepEqual((({ amount_refunded, refunded }) => [amount_refunded, refunded])(await stripe.charges.retrieve(intent.latest_charge, { expand: ['refunds'] })), [400, false]);
    await until('charge.refunded', () => hooks.some((e) => e.type === 'charge.refunded' && e.data.object.id === intent.latest_charge));
    assert.equal(hooks.find((e) => e.type === 'charge.refunded' && e.data.object.id === intent.latest_charge).data.previous_attributes.amount_refunded, 0);
  });

  await judge('disputes: lost, won, and an inquiry that takes no money', async () => {
    const disputed = async (method) => {
      const intent = await stripe.paymentIntents.create({ amount: 1000, currency: 'usd', payment_method: method, confirm: true, allowed_payment_method_types: ['card'] });
      return (await stripe.disputes.list({ charge: intent.latest_charge, expand: ['data.balance_transactions'] })).data[0];
    };
    const [lost, won, inquiry] = [await disputed('pm_card_createDispute'), await disputed('pm_card_createDisputeProductNotReceived'), await disputed('pm_card_createDisputeInquiry')];
    assert.deepEqual([lost.status, lost.reason, lost.balance_transactions.map((b) => b.amount)], ['needs_response', 'fraudulent', [-1000]]);
    assert.deepEqual([won.status, won.reason, inquiry.status, inquiry.balance_transactions], ['needs_response', 'product_not_received', 'warning_needs_response', []]);
    assert.equal((await stripe.disputes.close(lost.id)).status, 'lost');
    await stripe.disputes.update(won.id, { evidence: { uncategorized_text: 'winning_evidence' }, submit: true });
    await stripe.disputes.update(inquiry.id, { evidence: { uncategorized_text: 'winning_evidence' }, submit: true });
    const after = [await stripe.disputes.retrieve(won.id), await stripe.disputes.retrieve(inquiry.id)];
    assert.deepEqual(after.map((d) => [d.status, d.balance_transactions.reduce((sum, b) => sum + b.amount, 0)]), [['won', 0], ['warning_closed', 0]]);
    const of = (id) => hooks.filter((e) => e.data?.object.id === id).map((e) => e.type);
    await until('the money to come back', () => of(won.id).includes('charge.dispute.funds_reinstated'));
    assert.deepEqual(of(won.id).filter((t) => !t.endsWith('updated')), ['charge.dispute.created', 'charge.dispute.funds_withdrawn', 'charge.dispute.closed', 'charge.dispute.funds_reinstated']);
    assert.ok(!of(inquiry.id).some((t) => t.includes('funds')));
  });

  await judge('events: by type, by family, by time, all pages; what was delivered waits for nobody', async () => {
    const customer = await stripe.customers.create({ email: `events-${run}@test.example` });
    await stripe.customers.update(customer.id, { name: 'A' });
    const sent = await until('its delivery', () => hooks.find((e) => e.type === 'customer.updated' && e.data.object.id === customer.id));
    const since = customer.created;
    const mine = [];
    for await (const event of stripe.events.list({ type: 'customer.*', created: { gte: since }, limit: 1 })) if (event.data.object.id === customer.id) mine.push(event);
    assert.deepEqual(mine.map((e) => [e.type, e.data.previous_attributes]), [['customer.updated', { name: null }], ['customer.created', undefined]]);
    await until('pending_webhooks to count down', async () => (await stripe.events.retrieve(sent.id)).pending_webhooks < sent.pending_webhooks);
    assert.match(mine[0].request.id, /^req_/);
    assert.deepEqual((await stripe.events.list({ created: { lt: 1000 } })).data, []);
  });

  await judge('webhook endpoints: only the types asked for; changed, disabled, deleted', async () => {
    const endpoint = await stripe.webhookEndpoints.create({ url: 'http://127.0.0.1:9/', enabled_events: ['charge.refunded'], description: 'd', metadata: { a: '1' } });
    assert.equal((await stripe.webhookEndpoints.update(endpoint.id, { url: 'http://127.0.0.1:10/', enabled_events: ['invoice.paid'], disabled: true })).status, 'disabled');
    assert.ok((await stripe.webhookEndpoints.list({ limit: 100 })).data.some((e) => e.id === endpoint.id && e.url.endsWith(':10/')));
    assert.equal((await stripe.webhookEndpoints.del(endpoint.id)).deleted, true);
    await assert.rejects(stripe.webhookEndpoints.retrieve(endpoint.id), (e) => e.code === 'resource_missing');
  });
}
