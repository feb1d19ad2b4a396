// The Clerk stand-in, judged by Clerk's own @clerk/backend: tokens, handshake, Backend API and webhooks.
// Usage: CLERK_BASE=http://127.0.0.1:5082 CLERK_SECRET_KEY=sk_test_… AURION_WEB=http://127.0.0.1:5080 node judge.mjs
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { createClerkClient, verifyToken } from "@clerk/backend";
import { isClerkAPIResponseError } from "@clerk/backend/errors";
import { verifyWebhook } from "@clerk/backend/webhooks";

const { CLERK_BASE: base, CLERK_SECRET_KEY: secretKey, AURION_WEB: web } = process.env;
const page = web + "/dashboard?tab=1";
const password = "a long password";
let failed = 0;

async function check(name, body) {
  try {
    await body();
    console.log("ok   " + name);
  } catch (fault) {
    failed++;
    console.log(`FAIL ${name}\n${fault.stack}`);
  }
}

const control = async (path, query = {}) => (await fetch(`${base}/sandbox/${path}?${new URLSearchParams(query)}`, { method: "POST" })).json();
const publishableKey = async () => (await control("instance")).publishableKey;

// A browser: cookies by name, as loopback ports share them, and no redirect followed unasked.
class Browser {
  cookies = new Map();

  async open(url, form) {
    const headers = { cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; "), accept: "text/html" };
    const answer = await fetch(url, { redirect: "manual", headers, ...form && { method: "POST", body: new URLSearchParams(form) } });
    answer.headers.getSetCookie().forEach(line => this.take(line));
    return answer;
  }

  take(line) {
    const [pair] = line.split(";");
    const [name, value] = [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)];
    if (/max-age=0|expires=Thu, 01 Jan 1970/i.test(line)) this.cookies.delete(name);
    else this.cookies.set(name, value);
  }

  // What the application's server sees when this browser opens one of its pages.
  request(url, extra = {}) {
    const headers = { cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; "), accept: "text/html", "sec-fetch-dest": "document", host: new URL(web).host, ...extra };
    return new Request(url, { headers });
  }

  async signUp(email) {
    const asked = await this.open(base + "/sign-up", { redirect_url: page, email, password, first_name: "Camille", last_name: "Martin" });
    const attempt = /name="attempt" value="([^"]+)"/.exec(await asked.text())[1];
    return this.open(base + "/sign-up/verify", { redirect_url: page, attempt, code: "424242" });
  }
}

async function application(options = {}) {
  const clerk = createClerkClient({ secretKey, publishableKey: await publishableKey(), apiUrl: base, proxyUrl: base, telemetry: { disabled: true } });
  return {
    clerk,
    authenticate: request => clerk.authenticateRequest(request, { authorizedParties: [web], skipJwksCache: true, ...options }),
  };
}

// As a middleware of Clerk's does it: a handshake is followed, what it sets is kept, until the state is known.
async function visit(browser, url, authenticate) {
  const reasons = [];
  // It lives for seconds only: visits a moment apart do not count as one circle.
  browser.cookies.delete("__clerk_redirect_count");
  for (let hops = 0; hops < 6; hops++) {
    const state = await authenticate(browser.request(url));
    state.headers.getSetCookie().forEach(line => browser.take(line));
    if (state.status !== "handshake") return { state, reasons, url: state.headers.get("location") ?? url };
    reasons.push(state.reason);
    const answer = await browser.open(state.headers.get("location"));
    assert.equal(answer.status, 307);
    url = answer.headers.get("location");
  }
  throw new Error("The handshake goes in circles: " + reasons.join(", "));
}

let camille, userId, sessionId;

await check("handshake: a stranger gets a dev browser and is signed out", async () => {
  const { authenticate } = await application();
  const browser = new Browser();
  const { state, reasons, url } = await visit(browser, page, authenticate);
  assert.equal(state.status, "signed-out");
  assert.deepEqual(reasons, ["dev-browser-missing"]);
  assert.equal(url, page);
  assert.match(browser.cookies.get("__clerk_db_jwt"), /^dvb_/);
  assert.equal(browser.cookies.get("__client_uat"), "0");
});

await check("portal and handshake: a sign-up ends signed in, with a version 2 token", async () => {
  const { authenticate, clerk } = await application();
  camille = new Browser();
  const back = await camille.signUp("camille@demo.aurion.test");
  assert.equal(back.status, 302);
  const url = new URL(back.headers.get("location"));
  assert.deepEqual([...url.searchParams.keys()], ["tab", "__clerk_db_jwt"]);
  const { state, reasons, url: clean } = await visit(camille, url.href, authenticate);
  assert.deepEqual(reasons, ["dev-browser-sync"]);
  assert.equal(clean, page);
  assert.equal(state.status, "signed-in");
  ({ userId, sessionId } = state.toAuth());
  const { sessionClaims } = state.toAuth();
  assert.deepEqual(Object.keys(sessionClaims).sort(), ["azp", "exp", "fva", "iat", "iss", "jti", "nbf", "sid", "sts", "sub", "v"]);
  assert.equal(sessionClaims.v, 2);
  assert.equal(sessionClaims.azp, web);
  assert.equal(sessionClaims.exp - sessionClaims.iat, 60);
  assert.equal((await clerk.users.getUser(userId)).primaryEmailAddress.emailAddress, "camille@demo.aurion.test");
});

await check("cookies: the next page needs no handshake", async () => {
  const { authenticate } = await application();
  const state = await authenticate(camille.request(page));
  assert.equal(state.status, "signed-in");
  assert.equal(state.toAuth().userId, userId);
});

await check("handshake: an expired token is renewed without a sign-in", async () => {
  const { authenticate } = await application();
  await control("instance", { skew: -600 });
  const { jwt } = await control("token", { session: sessionId, origin: web });
  await control("instance", { skew: 0 });
  camille.cookies.set("__session", jwt);
  camille.cookies.set("__client_uat", "1");
  const { state, reasons } = await visit(camille, page, authenticate);
  assert.equal(state.status, "signed-in");
  assert.match(reasons.join(), /session-token-expired/);
});

await check("handshake: suffixed cookies are set where the application uses them", async () => {
  const { authenticate } = await application();
  const answer = await camille.open(`${base}/v1/client/handshake?${new URLSearchParams({ redirect_url: page, suffixed_cookies: "true", __clerk_db_jwt: camille.cookies.get("__clerk_db_jwt") })}`);
  const suffixed = new Browser();
  const { state } = await visit(suffixed, answer.headers.get("location"), authenticate);
  assert.equal(state.status, "signed-in");
  for (const name of ["__session", "__client_uat", "__clerk_db_jwt"]) suffixed.cookies.delete(name);
  assert.equal([...suffixed.cookies.keys()].every(name => /_[\w-]{8}$/.test(name)), true);
  assert.equal((await authenticate(suffixed.request(page))).status, "signed-in");
});

await check("handshake: what is too long comes by a nonce, once", async () => {
  const { authenticate } = await application();
  await control("instance", { customClaim: 1500 });
  camille.cookies.delete("__session");
  const { state, reasons } = await visit(camille, page, authenticate);
  await control("instance", { customClaim: 0 });
  assert.equal(state.status, "signed-in");
  assert.equal(reasons.length, 1);
  assert.equal(state.toAuth().sessionClaims.custom.length, 1500);
});

await check("handshake: nobody is sent to a foreign address", async () => {
  const answer = await camille.open(`${base}/v1/client/handshake?${new URLSearchParams({ redirect_url: "https://evil.example/" })}`);
  assert.equal(answer.status, 400);
  assert.ok((await answer.json()).errors[0].code);
});

await check("bearer: session tokens of both versions are accepted, a template's token is not one", async () => {
  const { authenticate } = await application();
  const bearer = jwt => authenticate(new Request(page, { headers: { authorization: "Bearer " + jwt } }));
  assert.equal((await bearer((await control("token", { session: sessionId, origin: web })).jwt)).status, "signed-in");
  await control("instance", { tokenVersion: 1 });
  const first = (await control("token", { session: sessionId, origin: web })).jwt;
  await control("instance", { tokenVersion: 2 });
  const state = await bearer(first);
  assert.equal(state.status, "signed-in");
  assert.equal("v" in state.toAuth().sessionClaims, false);
  const template = (await control("token", { session: sessionId, template: "supabase", origin: web })).jwt;
  const refused = await bearer(template);
  assert.equal(refused.status, "signed-out");
  assert.equal(refused.reason, "token-type-mismatch");
  const claims = await verifyToken(template, { secretKey, apiUrl: base, audience: "authenticated", authorizedParties: [web], skipJwksCache: true });
  assert.deepEqual([claims.aud, claims.email, claims.role, claims.sub, claims.sid], ["authenticated", "camille@demo.aurion.test", "authenticated", userId, undefined]);
});

await check("bearer: another application's token and one without a party are refused", async () => {
  const { authenticate } = await application();
  for (const query of [{ session: sessionId, origin: "https://other.example" }, { session: sessionId }]) {
    const state = await authenticate(new Request(page, { headers: { authorization: "Bearer " + (await control("token", query)).jwt } }));
    assert.equal(state.status, "signed-out");
    assert.equal(state.reason, "token-invalid-authorized-parties");
  }
});

await check("tokens: a changed byte, another key and a clock that went wrong are seen", async () => {
  const options = { secretKey, apiUrl: base, skipJwksCache: true };
  const { jwt } = await control("token", { session: sessionId, origin: web });
  const [head, body, signature] = jwt.split(".");
  await assert.rejects(verifyToken([head, Buffer.from(JSON.stringify({ ...JSON.parse(Buffer.from(body, "base64url")), sub: "user_other" })).toString("base64url"), signature].join("."), options), { reason: "token-invalid-signature" });
  await control("instance", { skew: 600 });
  const early = (await control("token", { session: sessionId, origin: web })).jwt;
  await control("instance", { skew: -600 });
  const late = (await control("token", { session: sessionId, origin: web })).jwt;
  await control("instance", { skew: 0 });
  await assert.rejects(verifyToken(early, options), { reason: /token-not-active-yet|token-iat-in-the-future/ });
  await assert.rejects(verifyToken(late, options), { reason: "token-expired" });
});

await check("keys: after a rotation the new ones are found and the tokens of before still hold", async () => {
  const options = { secretKey, apiUrl: base, skipJwksCache: true };
  const before = (await control("token", { session: sessionId, origin: web })).jwt;
  await control("rotate-keys");
  const after = (await control("token", { session: sessionId, origin: web })).jwt;
  assert.equal((await verifyToken(before, options)).sub, userId);
  assert.equal((await verifyToken(after, options)).sub, userId);
  await control("rotate-keys");
  const { keys } = await (await fetch(base + "/.well-known/jwks.json")).json();
  const kid = JSON.parse(Buffer.from(before.split(".")[0], "base64url")).kid;
  assert.equal(keys.length, 2);
  assert.ok(keys.every(key => key.kid !== kid && key.alg === "RS256" && key.use === "sig"));
});

await check("pending: a session that owes Clerk something is not signed in", async () => {
  const { authenticate } = await application();
  await control("session-status", { id: sessionId, status: "pending" });
  const { jwt } = await control("token", { session: sessionId, origin: web });
  await control("session-status", { id: sessionId, status: "active" });
  const state = await authenticate(new Request(page, { headers: { authorization: "Bearer " + jwt } }));
  assert.equal(state.toAuth({ treatPendingAsSignedOut: true })?.userId ?? null, null);
  assert.equal(state.toAuth({ treatPendingAsSignedOut: false }).sessionStatus, "pending");
});

await check("Backend API: users, addresses, sessions and tokens", async () => {
  const { clerk } = await application();
  const list = await clerk.users.getUserList({ emailAddress: ["camille@demo.aurion.test"] });
  assert.equal(list.totalCount, 1);
  assert.equal(list.data[0].id, userId);
  assert.equal((await clerk.users.updateUser(userId, { firstName: "Camillo" })).firstName, "Camillo");
  const address = await clerk.emailAddresses.createEmailAddress({ userId, emailAddress: "second@demo.aurion.test", verified: true, primary: false });
  assert.equal(address.verification.status, "verified");
  assert.equal((await clerk.users.updateUser(userId, { primaryEmailAddressID: address.id })).primaryEmailAddress.emailAddress, "second@demo.aurion.test");
  assert.equal((await clerk.sessions.getSession(sessionId)).status, "active");
  assert.ok((await clerk.sessions.getToken(sessionId, "supabase")).jwt);
  assert.equal((await clerk.sessions.getSessionList({ userId })).data[0].id, sessionId);
});

await check("Backend API: errors have codes", async () => {
  const { clerk } = await application();
  const error = async promise => {
    try { await promise; } catch (fault) { assert.ok(isClerkAPIResponseError(fault), fault.stack); return [fault.status, fault.errors[0].code]; }
  };
  assert.deepEqual(await error(clerk.users.getUser("user_nobody")), [404, "resource_not_found"]);
  assert.deepEqual(await error(clerk.sessions.getToken(sessionId, "other")), [404, "resource_not_found"]);
  assert.deepEqual(await error(clerk.users.createUser({ emailAddress: ["camille@demo.aurion.test"], password })), [422, "form_identifier_exists"]);
  const stranger = createClerkClient({ secretKey: "sk_test_wrong", publishableKey: await publishableKey(), apiUrl: base, telemetry: { disabled: true } });
  assert.deepEqual(await error(stranger.users.getUser(userId)), [401, "clerk_key_invalid"]);
  await assert.rejects(verifyToken((await control("token", { session: sessionId, origin: web })).jwt, { secretKey: "sk_test_wrong", apiUrl: base, skipJwksCache: true }), { reason: "secret-key-invalid" });
});

await check("webhooks: users that come, change and go, signed, and sent again under one id until received", async () => {
  const heard = [];
  let refuse = 1;
  const server = createServer(async (incoming, outgoing) => {
    let body = "";
    for await (const chunk of incoming) body += chunk;
    heard.push({ headers: incoming.headers, body });
    outgoing.writeHead(refuse-- > 0 ? 503 : 204).end();
  }).listen(0, "127.0.0.1");
  await new Promise(resolve => server.once("listening", resolve));
  const { secret } = await control("webhooks", { url: `http://127.0.0.1:${server.address().port}/hook` });
  const { clerk } = await application();
  const until = async enough => { for (const start = Date.now(); !enough(); await new Promise(r => setTimeout(r, 20))) assert.ok(Date.now() - start < 60_000, "no webhook came"); };
  const request = ({ headers, body }) => new Request(web, { method: "POST", body, headers: { "svix-id": headers["svix-id"], "svix-timestamp": headers["svix-timestamp"], "svix-signature": headers["svix-signature"] } });

  const person = await clerk.users.createUser({ emailAddress: ["alix@demo.aurion.test"], password });
  await until(() => heard.length === 2);
  assert.equal(heard[0].headers["svix-id"], heard[1].headers["svix-id"]);
  await clerk.users.updateUser(person.id, { lastName: "Roux" });
  await clerk.users.deleteUser(person.id);
  await until(() => heard.length === 4);
  const events = await Promise.all(heard.map(message => verifyWebhook(request(message), { signingSecret: secret })));
  assert.deepEqual(events.map(event => event.type).sort(), ["user.created", "user.created", "user.deleted", "user.updated"]);
  assert.ok(events.every(event => event.data.id === person.id && event.instance_id));
  assert.equal(events[0].data.email_addresses[0].verification.status, "verified");
  assert.equal(events.find(event => event.type === "user.deleted").data.deleted, true);
  await assert.rejects(verifyWebhook(request({ ...heard[3], body: heard[3].body.replace(person.id, "user_other") }), { signingSecret: secret }));

  await control("webhooks", { misSign: true });
  await clerk.users.createUser({ emailAddress: ["forged@demo.aurion.test"], password });
  await until(() => heard.length === 5);
  await assert.rejects(verifyWebhook(request(heard[4]), { signingSecret: secret }));
  await control("webhooks", { misSign: false, url: "" });
  server.close();
});

await check("sign-out: a revoked session is over at the next handshake", async () => {
  const { authenticate, clerk } = await application();
  assert.equal((await clerk.sessions.revokeSession(sessionId)).status, "revoked");
  camille.cookies.delete("__session");
  const { state } = await visit(camille, page, authenticate);
  assert.equal(state.status, "signed-out");
  assert.equal(camille.cookies.get("__client_uat"), "0");
});

await check("production: the handshake comes in a cookie and the address stays as it was", async () => {
  await control("instance", { production: true });
  const { authenticate } = await application();
  const browser = new Browser();
  const back = await browser.open(base + "/sign-in", { redirect_url: page, email: "camille@demo.aurion.test", password });
  assert.equal(back.headers.get("location"), page);
  browser.cookies.set("__client_uat", "1");
  const { state, reasons, url } = await visit(browser, page, authenticate);
  assert.deepEqual(reasons, ["client-uat-but-no-session-token"]);
  assert.equal(state.status, "signed-in");
  assert.equal(url, page);
  await control("instance", { production: false });
});

process.exit(failed ? 1 : 0);
