// What every Node side reads, and how it knows who asks. DATABASE_URL and JWT_SECRET come from the environment.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import pg from 'pg';

const database = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 20 });
export const rows = async (sql, values) => (await database.query(sql, values)).rows;

export const userOf = token => {
  const [head, body, signature] = (token ?? '').split('.');
  const expected = createHmac('sha256', process.env.JWT_SECRET).update(`${head}.${body}`).digest();
  const given = Buffer.from(signature ?? '', 'base64url');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
  const claims = JSON.parse(Buffer.from(body, 'base64url'));
  return claims.aud === 'authenticated' && claims.exp > Date.now() / 1000 ? claims.sub : null;
};

export const csrf = () => {
  const random = randomBytes(32).toString('base64url');
  return `${random}.${createHmac('sha256', process.env.JWT_SECRET).update(random).digest('base64url')}`;
};

export const balanceOf = async user => (await rows(`
  SELECT c.total_credits, c.used_credits, c.bonus_credits, p.plan_type, n.name AS plan_name, p.status, p.current_period_end, f.full_name
    FROM user_credits c JOIN user_plans p USING (user_id) JOIN plans n USING (plan_type) JOIN profiles f ON f.id = user_id
   WHERE user_id = $1`, [user]))[0];

export const listTools = async (user, more = '') => await rows(`
  SELECT t.tool_id, t.name, t.description, t.category, t.status, t.cost,
         EXISTS (SELECT FROM tool_favourites f WHERE f.user_id = $1 AND f.tool_id = t.tool_id) AS is_favourite,
         EXISTS (SELECT FROM tool_sessions s WHERE s.user_id = $1 AND s.tool_id = t.tool_id AND s.ended_at IS NULL AND s.expires_at > now()) AS is_open
    FROM tools t WHERE status <> 'off' ORDER BY sort ${more}`, [user]);

// Visitors see a list that is at most a second old, as on the other side.
let shown = { at: 0 };
export const showTools = async () => {
  if (Date.now() - shown.at >= 1000) shown = { at: Date.now(), tools: await listTools(null) };
  return shown.tools;
};

export const dashboardOf = async user => {
  const [balance, days, tools, movements] = await Promise.all([
    balanceOf(user),
    rows(`
      SELECT d.day::date AS day, coalesce(sum(l.credits_used), 0)::int AS credits
        FROM generate_series(date_trunc('day', now()) - interval '29 days', date_trunc('day', now()), interval '1 day') AS d (day)
        LEFT JOIN usage_logs l ON l.user_id = $1 AND l.created_at > now() - interval '30 days' AND date_trunc('day', l.created_at) = d.day
       GROUP BY d.day ORDER BY d.day`, [user]),
    listTools(user, 'LIMIT 3'),
    rows(`
      SELECT l.seq, l.created_at, l.action_type, l.delta, l.balance_after, t.name AS tool_name
        FROM usage_logs l LEFT JOIN tools t ON t.tool_id = l.metadata ->> 'tool_id'
       WHERE l.user_id = $1 ORDER BY l.seq DESC LIMIT 6`, [user]),
  ]);
  const total = days.reduce((sum, day) => sum + day.credits, 0);
  const peak = days.reduce((most, day) => day.credits > most.credits ? day : most);
  return { balance, days, tools, movements, total, peak, most: Math.max(1, peak.credits), pace: Math.round(total / 30) };
};
