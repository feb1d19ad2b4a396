// Products, prices, coupons and promotion codes.
import assert from 'node:assert/strict';

export default async function judgeCatalogue({ stripe, judge, run }) {
  await judge('products: with their first price, changed, listed, deleted', async () => {
    const made = await stripe.products.create({ name: 'Pack', description: 'Credits', active: true, metadata: { a: '1', b: '2' }, default_price_data: { currency: 'usd', unit_amount: 500 }, expand: ['default_price'] });
    assert.deepEqual([made.default_price.unit_amount, made.default_price.type, made.default_price.recurring], [500, 'one_time', null]);
    const changed = await stripe.products.update(made.id, { name: 'Bigger pack', metadata: { a: '', c: '3' } });
    assert.deepEqual([changed.name, changed.metadata], ['Bigger pack', { b: '2', c: '3' }]);
    assert.deepEqual((await stripe.products.list({ ids: [made.id] })).data.map((p) => p.name), ['Bigger pack']);
    const plain = await stripe.products.create({ name: 'Plain' });
    assert.equal((await stripe.products.del(plain.id)).deleted, true);
    await assert.rejects(stripe.products.retrieve(plain.id), (e) => e.code === 'resource_missing');
    assert.equal((await stripe.products.update(made.id, { active: false })).active, false);
    assert.ok(!(await stripe.products.list({ active: true, limit: 100 })).data.some((p) => p.id === made.id));
  });

  await judge('prices: a lookup key moves to another price, an archived price sells nothing', async () => {
    const [product, key] = [await stripe.products.create({ name: 'Keyed' }), `key_${run}`];
    const old = await stripe.prices.create({ product: product.id, currency: 'usd', unit_amount: 100, recurring: { interval: 'year' }, lookup_key: key });
    await assert.rejects(stripe.prices.create({ product: product.id, currency: 'usd', unit_amount: 200, lookup_key: key }), (e) => e.type === 'StripeInvalidRequestError' && e.param === 'lookup_key');
    const now = await stripe.prices.create({ product: product.id, currency: 'usd', unit_amount: 200, recurring: { interval: 'year' }, lookup_key: key, transfer_lookup_key: true });
    assert.equal((await stripe.prices.retrieve(old.id)).lookup_key, null);
    assert.deepEqual((await stripe.prices.list({ lookup_keys: [key, 'none'] })).data.map((p) => p.id), [now.id]);
    assert.deepEqual((await stripe.prices.list({ product: product.id, recurring: { interval: 'year' } })).data.map((p) => p.id), [now.id, old.id]);
    assert.equal((await stripe.prices.update(old.id, { active: false, nickname: 'old', metadata: { x: '1' } })).active, false);
    await assert.rejects(stripe.checkout.sessions.create({ mode: 'subscription', line_items: [{ price: old.id, quantity: 1 }], success_url: 'https://shop.example/' }), Stripe_invalid);
  });

  await judge('coupons and promotion codes: limits, restrictions, changes, an end', async () => {
    const coupon = await stripe.coupons.create({ id: `C${run}`, amount_off: 300, currency: 'usd', duration: 'repeating', duration_in_months: 3, max_redemptions: 5, name: 'Three off', metadata: { a: '1' } });
    assert.deepEqual([coupon.id, coupon.valid, coupon.times_redeemed], [`C${run}`, true, 0]);
    assert.equal((await stripe.coupons.update(coupon.id, { name: 'Three dollars off' })).name, 'Three dollars off');
    assert.ok((await stripe.coupons.list({ limit: 100 })).data.some((c) => c.id === coupon.id));
    const code = await stripe.promotionCodes.create({ promotion: { type: 'coupon', coupon: coupon.id }, code: `P${run}`, max_redemptions: 1, restrictions: { first_time_transaction: true, minimum_amount: 500, minimum_amount_currency: 'usd' }, expand: ['promotion.coupon'] });
    assert.deepEqual([code.promotion.coupon.id, code.restrictions.minimum_amount], [coupon.id, 500]);
    assert.equal((await stripe.promotionCodes.update(code.id, { active: false })).active, false);
    assert.deepEqual((await stripe.promotionCodes.list({ coupon: coupon.id, active: true })).data, []);
    await assert.rejects(stripe.coupons.create({ duration: 'once' }), Stripe_invalid);
    assert.equal((await stripe.coupons.del(coupon.id)).deleted, true);
  });
}

const Stripe_invalid = (e) => e.type === 'StripeInvalidRequestError' && e.statusCode === 400;
