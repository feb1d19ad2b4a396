// Subscriptions, their schedules, invoices and portal.
import assert from 'node:assert/strict';

export default async function judgeSubscriptions({ stripe, judge, month, plusMonth }) {
  const paying = async (more = {}) => {
    const customer = await stripe.customers.create({ payment_method: 'pm_card_visa', invoice_settings: { default_payment_method: 'pm_card_visa' }, ...more });
    return [customer, await stripe.subscriptions.create({ customer: customer.id, items: [{ price: month.id }], metadata: { user: '1' }, expand: ['latest_invoice'] })];
  };
  const other = (card) => async (customer) => {
    const method = await stripe.paymentMethods.attach(card, { customer: customer.id });
    await stripe.customers.update(customer.id, { invoice_settings: { default_payment_method: method.id } });
  };

  await judge('subscriptions: cancel at the end, resume, cancel now with a prorated return', async () => {
    const [customer, subscription] = await paying();
    const ending = await stripe.subscriptions.update(subscription.id, { cancel_at_period_end: true, cancellation_details: { comment: 'Too dear', feedback: 'too_expensive' } });
    assert.deepEqual([ending.cancel_at_period_end, ending.cancel_at, ending.cancellation_details.feedback, ending.status], [true, ending.items.data[0].current_period_end, 'too_expensive', 'active']);
    const resumed = await stripe.subscriptions.update(subscription.id, { cancel_at_period_end: false });
    assert.deepEqual([resumed.cancel_at, resumed.canceled_at], [null, null]);
    const gone = await stripe.subscriptions.cancel(subscription.id, { prorate: true, invoice_now: true });
    assert.deepEqual([gone.status, gone.cancellation_details.reason, gone.ended_at >= gone.created], ['canceled', 'cancellation_requested', true]);
    assert.deepEqual((await stripe.subscriptions.list({ customer: customer.id })).data, []);
    assert.deepEqual((await stripe.subscriptions.list({ customer: customer.id, status: 'all' })).data.map((s) => s.status), ['canceled']);
    await assert.rejects(stripe.subscriptions.update(subscription.id, { items: [{ id: subscription.items.data[0].id, price: plusMonth.id }] }), (e) => e.type === 'StripeInvalidRequestError');
  });

  await judge('subscriptions: an upgrade that the card refuses stays pending and changes nothing', async () => {
    const [customer, subscription] = await paying();
    await other('pm_card_chargeCustomerFail')(customer);
    const tried = await stripe.subscriptions.update(subscription.id, { items: [{ id: subscription.items.data[0].id, price: plusMonth.id }], proration_behavior: 'always_invoice', payment_behavior: 'pending_if_incomplete', expand: ['latest_invoice'] });
    assert.deepEqual([tried.items.data[0].price.id, tried.pending_update.subscription_items[0].price.id, tried.latest_invoice.status, tried.status], [month.id, plusMonth.id, 'open', 'active']);
    await stripe.invoices.pay(tried.latest_invoice.id, { payment_method: (await stripe.paymentMethods.attach('pm_card_visa', { customer: customer.id })).id });
    const after = await stripe.subscriptions.retrieve(subscription.id);
    assert.deepEqual([after.items.data[0].price.id, after.pending_update], [plusMonth.id, null]);
  });

  await judge('subscriptions: error_if_incomplete refuses, prorations can be left out or put on the next invoice', async () => {
    const [customer, subscription] = await paying();
    const items = [{ id: subscription.items.data[0].id, price: plusMonth.id }];
    await stripe.subscriptions.update(subscription.id, { items, proration_behavior: 'create_prorations' });
    const next = await stripe.invoices.createPreview({ subscription: subscription.id });
    assert.deepEqual(next.lines.data.map((l) => [l.amount < 0, l.parent.type]).sort(), [[false, 'subscription_item_details'], [false, 'subscription_item_details'], [true, 'subscription_item_details']]);
    await stripe.subscriptions.update(subscription.id, { items: [{ ...items[0], price: month.id }], proration_behavior: 'none' });
    await other('pm_card_chargeCustomerFail')(customer);
    await assert.rejects(stripe.subscriptions.update(subscription.id, { items, proration_behavior: 'always_invoice', payment_behavior: 'error_if_incomplete' }), (e) => e.type === 'StripeCardError');
    assert.equal((await stripe.subscriptions.retrieve(subscription.id)).items.data[0].price.id, month.id);
    const broke = await stripe.customers.create({ payment_method: 'pm_card_chargeCustomerFail', invoice_settings: { default_payment_method: 'pm_card_chargeCustomerFail' } });
    const incomplete = await stripe.subscriptions.create({ customer: broke.id, items: [{ price: month.id }], payment_behavior: 'default_incomplete', expand: ['latest_invoice.confirmation_secret'] });
    assert.deepEqual([incomplete.status, incomplete.latest_invoice.confirmation_secret.type], ['incomplete', 'payment_intent']);
    assert.equal((await stripe.subscriptions.cancel(incomplete.id)).status, 'canceled');
  });

  await judge('schedules: a downgrade at the end of the period, released and cancelled', async () => {
    const [, subscription] = await paying();
    const schedule = await stripe.subscriptionSchedules.create({ from_subscription: subscription.id });
    const [phase] = schedule.phases;
    const planned = await stripe.subscriptionSchedules.update(schedule.id, { end_behavior: 'release', phases: [
      { items: [{ price: month.id, quantity: 1 }], start_date: phase.start_date, end_date: phase.end_date },
      { items: [{ price: plusMonth.id, quantity: 1 }], proration_behavior: 'none', duration: { interval: 'month', interval_count: 1 } }] });
    assert.deepEqual([planned.status, planned.phases.map((p) => p.items[0].price), planned.phases[1].start_date], ['active', [month.id, plusMonth.id], phase.end_date]);
    assert.equal((await stripe.subscriptions.retrieve(subscription.id, { expand: ['schedule'] })).schedule.id, schedule.id);
    assert.ok((await stripe.subscriptionSchedules.list({ customer: subscription.customer })).data.some((s) => s.id === schedule.id));
    const released = await stripe.subscriptionSchedules.release(schedule.id);
    assert.deepEqual([released.status, released.released_subscription, released.subscription], ['released', subscription.id, null]);
    const second = await stripe.subscriptionSchedules.create({ from_subscription: subscription.id });
    assert.equal((await stripe.subscriptionSchedules.cancel(second.id)).status, 'canceled');
    assert.equal((await stripe.subscriptions.retrieve(subscription.id)).status, 'canceled');
  });

  await judge('invoices: listed, read with their lines, made by hand, paid, voided, written off', async () => {
    const [customer, subscription] = await paying();
    assert.deepEqual((await stripe.invoices.list({ subscription: subscription.id, status: 'paid' })).data.map((i) => [i.billing_reason, i.total]), [['subscription_create', 900]]);
    assert.deepEqual((await stripe.invoices.listLineItems(subscription.latest_invoice.id)).data.map((l) => l.amount), [900]);
    assert.equal((await stripe.invoicePayments.list({ invoice: subscription.latest_invoice.id })).data[0].status, 'paid');
    const byHand = async () => {
      await stripe.invoiceItems.create({ customer: customer.id, amount: 700, currency: 'usd', description: 'By hand' });
      return stripe.invoices.create({ customer: customer.id, auto_advance: false, pending_invoice_items_behavior: 'include' });
    };
    const invoice = await byHand();
    assert.deepEqual([invoice.status, invoice.amount_due], ['draft', 700]);
    assert.equal((await stripe.invoices.finalizeInvoice(invoice.id)).status, 'open');
    assert.equal((await stripe.invoices.pay(invoice.id)).amount_paid, 700);
    await assert.rejects(stripe.invoices.pay(invoice.id), (e) => e.type === 'StripeInvalidRequestError');
    const second = await byHand();
    await stripe.invoices.finalizeInvoice(second.id);
    assert.equal((await stripe.invoices.voidInvoice(second.id)).status, 'void');
    const third = await byHand();
    await stripe.invoices.finalizeInvoice(third.id);
    assert.equal((await stripe.invoices.markUncollectible(third.id)).status, 'uncollectible');
    assert.equal((await stripe.invoices.createPreview({ customer: customer.id, subscription_details: { items: [{ price: plusMonth.id }] } })).amount_due, 2900);
  });

  await judge('portal: configurations are changed and listed; a session opens a page for one customer', async () => {
    const configuration = await stripe.billingPortal.configurations.create({ business_profile: { headline: 'AURION' }, default_return_url: 'https://shop.example/',
      features: { customer_update: { enabled: true, allowed_updates: ['email'] }, payment_method_update: { enabled: true }, subscription_cancel: { enabled: true, mode: 'at_period_end', cancellation_reason: { enabled: true, options: ['too_expensive'] } },
        subscription_update: { enabled: true, default_allowed_updates: ['price'], products: [{ product: month.product, prices: [month.id] }] } } });
    assert.equal((await stripe.billingPortal.configurations.update(configuration.id, { features: { invoice_history: { enabled: true } } })).features.invoice_history.enabled, true);
    assert.ok((await stripe.billingPortal.configurations.list({ active: true, limit: 100 })).data.some((c) => c.id === configuration.id));
    assert.equal((await stripe.billingPortal.configurations.retrieve(configuration.id)).features.subscription_cancel.mode, 'at_period_end');
    const [customer] = await paying();
    const session = await stripe.billingPortal.sessions.create({ customer: customer.id, configuration: configuration.id, return_url: 'https://shop.example/back', locale: 'fr', flow_data: { type: 'payment_method_update' } });
    assert.deepEqual([session.customer, session.return_url, session.configuration], [customer.id, 'https://shop.example/back', configuration.id]);
    await assert.rejects(stripe.billingPortal.sessions.create({ customer: 'cus_none' }), (e) => e.code === 'resource_missing');
  });

  await judge('customers: balance and card, listed, deleted with their subscriptions', async () => {
    const [customer, subscription] = await paying({ email: 'gone@test.example', name: 'Gone', address: { country: 'FR' }, preferred_locales: ['fr'] });
    assert.deepEqual((await stripe.customers.retrieve(customer.id, { expand: ['subscriptions'] })).subscriptions.data.map((s) => s.id), [subscription.id]);
    assert.equal((await stripe.customers.del(customer.id)).deleted, true);
    assert.equal((await stripe.customers.retrieve(customer.id)).deleted, true);
    assert.equal((await stripe.subscriptions.retrieve(subscription.id)).status, 'canceled');
  });
}
