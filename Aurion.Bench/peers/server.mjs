// What the product is measured against: the usual Node way on the same machine and the same PostgreSQL. Launching takes seven
// queries, one after the other and without a transaction, as the JavaScript original did; the pages are Express with EJS, and
// what they send is the product's own markup.
// DATABASE_URL and JWT_SECRET come from the environment; the port that was free is printed.
import { createHmac, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import express from 'express';
import pg from 'pg';
import helpers from './helpers.mjs';

const database = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 20 });
const rows = async (sql, values) => (await database.query(sql, values)).rows;

const userOf = token => {
  const [head, body, signature] = (token ?? '').split('.');
  const expected = createHmac('sha256', process.env.JWT_SECRET).update(`${head}.${body}`).digest();
  const given = Buffer.from(signature ?? '', 'base64url');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
  const claims = JSON.parse(Buffer.from(body, 'base64url'));
  return claims.aud === 'authenticated' && claims.exp > Date.now() / 1000 ? claims.sub : null;
};

const app = express();
app.disable('x-powered-by');
app.set('view engine', 'ejs');
app.set('views', fileURLToPath(new URL('views', import.meta.url)));
app.use(express.json());
app.use((request, response, next) => {
  const bearer = request.get('authorization')?.replace('Bearer ', '');
  request.user = userOf(bearer ?? request.get('cookie')?.split('=')[1]);
  if (request.user || request.path === '/tools') next();
  else response.status(401).json({ code: 'AUTHENTICATION_FAILED' });
});

app.post('/api/validate-tool-access', async (request, response) => {
  const { toolId, newSession } = request.body;
  const user = request.user;
  const cost = 50;
  const [profile] = await rows('SELECT id, email FROM peer.profiles WHERE id = $1', [user]);
  const [plan] = await rows('SELECT plan_type, status FROM peer.user_plans WHERE user_id = $1', [user]);
  const [credits] = await rows('SELECT total_credits, used_credits, bonus_credits FROM peer.user_credits WHERE user_id = $1', [user]);
  const [live] = await rows('SELECT id, expires_at FROM peer.tool_sessions WHERE user_id = $1 AND tool_id = $2 AND expires_at > now() LIMIT 1', [user, toolId]);
  if (!profile) return response.status(401).json({ code: 'AUTHENTICATION_FAILED' });
  if (live && !newSession) return response.json({ sessionId: live.id, isReusedSession: true, creditsConsumed: 0, expiresAt: live.expires_at });
  if (credits.total_credits - credits.used_credits < cost) return response.status(403).json({ code: 'INSUFFICIENT_CREDITS' });
  await rows('UPDATE peer.user_credits SET used_credits = used_credits + $2 WHERE user_id = $1', [user, cost]);
  await rows('INSERT INTO peer.usage_logs (user_id, action_type, credits_used, metadata) VALUES ($1, $2, $3, $4)',
    [user, `launch_tool_${toolId}`, cost, { tool_id: toolId, action: 'launch' }]);
  const session = randomUUID();
  const expiresAt = new Date(Date.now() + 24 * 3600 * 1000);
  await rows('INSERT INTO peer.tool_sessions (id, user_id, tool_id, expires_at) VALUES ($1, $2, $3, $4)', [session, user, toolId, expiresAt]);
  response.json({
    sessionToken: createHmac('sha256', process.env.JWT_SECRET).update(session).digest('base64url'), sessionId: session, isReusedSession: false,
    creditsConsumed: cost, iframeUrl: `/tools/${toolId}`, plan: { type: plan.plan_type, status: plan.status }, expiresAt,
    credits: { total: credits.total_credits, used: credits.used_credits + cost, remaining: credits.total_credits - credits.used_credits - cost },
  });
});

const csrf = () => {
  const random = randomBytes(32).toString('base64url');
  return `${random}.${createHmac('sha256', process.env.JWT_SECRET).update(random).digest('base64url')}`;
};

Object.assign(app.locals, helpers, { lang: 'en', theme: 'auto' });
const render = (request, response, view, heading, balance, rest) => response.render(view, {
  title: heading, heading, description: 'All your AI tools, one meter.', path: request.path, csrf: csrf(), balance,
  left: balance ? balance.total_credits - balance.used_credits + balance.bonus_credits : null, ...rest,
});

const balanceOf = async user => (await rows(`
  SELECT c.total_credits, c.used_credits, c.bonus_credits, p.plan_type, n.name AS plan_name, p.status, p.current_period_end, f.full_name
    FROM user_credits c JOIN user_plans p USING (user_id) JOIN plans n USING (plan_type) JOIN profiles f ON f.id = user_id
   WHERE user_id = $1`, [user]))[0];

const listTools = async (user, more = '') => await rows(`
  SELECT t.tool_id, t.name, t.description, t.category, t.status, t.cost,
         EXISTS (SELECT FROM tool_favourites f WHERE f.user_id = $1 AND f.tool_id = t.tool_id) AS is_favourite,
         EXISTS (SELECT FROM tool_sessions s WHERE s.user_id = $1 AND s.tool_id = t.tool_id AND s.ended_at IS NULL AND s.expires_at > now()) AS is_open
    FROM tools t WHERE status <> 'off' ORDER BY sort ${more}`, [user]);

// Visitors see a list that is at most a second old, as on the other side.
let shown = { at: 0 };
const showTools = async () => {
  if (Date.now() - shown.at >= 1000) shown = { at: Date.now(), tools: await listTools(null) };
  return shown.tools;
};

app.get('/tools', async (request, response) => {
  const [balance, tools] = request.user ? await Promise.all([balanceOf(request.user), listTools(request.user)]) : [null, await showTools()];
  render(request, response, 'tools', 'Tools', balance, { tools });
});

app.get('/dashboard', async (request, response) => {
  const [balance, days, tools, movements] = await Promise.all([
    balanceOf(request.user),
    rows(`
      SELECT d.day::date AS day, coalesce(sum(l.credits_used), 0)::int AS credits
        FROM generate_series(date_trunc('day', now()) - interval '29 days', date_trunc('day', now()), interval '1 day') AS d (day)
        LEFT JOIN usage_logs l ON l.user_id = $1 AND l.created_at > now() - interval '30 days' AND date_trunc('day', l.created_at) = d.day
       GROUP BY d.day ORDER BY d.day`, [request.user]),
    listTools(request.user, 'LIMIT 3'),
    rows(`
      SELECT l.seq, l.created_at, l.action_type, l.delta, l.balance_after, t.name AS tool_name
        FROM usage_logs l LEFT JOIN tools t ON t.tool_id = l.metadata ->> 'tool_id'
       WHERE l.user_id = $1 ORDER BY l.seq DESC LIMIT 6`, [request.user]),
  ]);
  const total = days.reduce((sum, day) => sum + day.credits, 0);
  const peak = days.reduce((most, day) => day.credits > most.credits ? day : most);
  render(request, response, 'dashboard', `Hello, ${balance.full_name ?? ''}`, balance,
    { days, tools, movements, total, peak, most: Math.max(1, peak.credits), pace: Math.round(total / 30) });
});

const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
// While the other side has its turn, nobody speaks here.
server.keepAliveTimeout = 600_000;
