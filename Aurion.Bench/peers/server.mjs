// What the product is measured against: the usual Node way on the same machine and the same PostgreSQL. Launching takes seven
// queries, one after the other and without a transaction, as the JavaScript original did; the pages are Express with EJS, and
// what they send is the product's own markup. The port that was free is printed.
import { createHmac, randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import express from 'express';
import { balanceOf, csrf, dashboardOf, listTools, rows, showTools, userOf } from './data.mjs';
import helpers from './helpers.mjs';

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

Object.assign(app.locals, helpers, { lang: 'en', theme: 'auto' });
const render = (request, response, view, heading, balance, rest) => response.render(view, {
  title: heading, heading, description: 'All your AI tools, one meter.', path: request.path, csrf: csrf(), balance,
  left: balance ? balance.total_credits - balance.used_credits + balance.bonus_credits : null, ...rest,
});

app.get('/tools', async (request, response) => {
  const [balance, tools] = request.user ? await Promise.all([balanceOf(request.user), listTools(request.user)]) : [null, await showTools()];
  render(request, response, 'tools', 'Tools', balance, { tools });
});

app.get('/dashboard', async (request, response) => {
  const dashboard = await dashboardOf(request.user);
  render(request, response, 'dashboard', `Hello, ${dashboard.balance.full_name ?? ''}`, dashboard.balance, dashboard);
});

const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
// While the other side has its turn, nobody speaks here.
server.keepAliveTimeout = 600_000;
