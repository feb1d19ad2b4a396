import { cookies } from 'next/headers';
import { redirect } from 'next/navigation';
import { csrf, dashboardOf, userOf } from '../../../data.mjs';
import helpers from '../../../helpers.mjs';
import { Frame, Icon, leftOf } from '../frame.jsx';

const { t, number, shortDay, longDay, daysUntil } = helpers;

function Balance({ balance, left, total, pace }) {
  return (
    <section className="card stack" aria-labelledby="balance">
      <div className="row between">
        <h2 className="card-title" id="balance">{t('Balance')}</h2>
        <span className="tag ok" id="balance-state">{t('comfortable')}</span>
      </div>
      <p>
        <span className="big num" data-balance="available" data-value={left}>{number(left)}</span>
        <span className="muted" id="balance-capacity">{t('of {0}', t('{0} credits', number(balance.total_credits)))}</span>
      </p>
      <meter className="meter" min={0} max={balance.total_credits} value={left} data-balance-meter="" aria-label={t('Credits left')}>{t('{0} of {1}', number(left), number(balance.total_credits))}</meter>
      <div id="pace" className="stack gap-1 small muted">
        <p>{t('Your credits renew on {0}, in {1} days.', longDay(balance.current_period_end), daysUntil(balance.current_period_end))}</p>
        {total > 0 && (
          <p>{t('At this pace ({0} a day) you will have {1} left that day.', number(pace), number(Math.max(0, left - pace * daysUntil(balance.current_period_end))))}</p>
        )}
      </div>
      <div className="row" id="balance-ways">
        <a className="btn" href="/pricing">{t('Get more credits')}</a>
        <a className="btn quiet" href="/credits">{t('See every movement')}</a>
      </div>
    </section>
  );
}

function Usage({ days, total, peak, most }) {
  const words = t('{0} credits in all, most on {1}: {2}.', number(total), shortDay(peak.day), number(peak.credits));
  return (
    <section className="card stack" id="usage" aria-labelledby="usage-title">
      <div className="row between">
        <h2 className="card-title" id="usage-title">{t('Last 30 days')}</h2>
        <span className="small muted" id="usage-scale" aria-hidden="true">{t('0 to {0} a day', number(most))}</span>
      </div>
      <figure className="stack gap-2" id="usage-figure">
        <svg className="chart" viewBox="0 0 600 170" role="img" aria-labelledby="chart-title chart-text">
          <title id="chart-title">{t('Credits used each day, last 30 days')}</title>
          <desc id="chart-text">{words}</desc>
          {[0, 85, 170].map(y => <line key={y} className="grid-line" x1="0" x2="600" y1={y} y2={y} />)}
          {days.map((day, place) => {
            const height = Math.round(1700 * day.credits / most) / 10;
            return day.credits > 0 && (
              <rect key={place} className="bar" x={place * 20 + 3} y={170 - height} width="14" height={height} rx="3"><title>{`${shortDay(day.day)}: ${number(day.credits)}`}</title></rect>
            );
          })}
        </svg>
        <figcaption className="stack gap-1 small muted">
          <span className="row between" aria-hidden="true"><span>{shortDay(days[0].day)}</span><span>{shortDay(days[days.length - 1].day)}</span></span>
          <span>{words}</span>
        </figcaption>
      </figure>
      <details>
        <summary>{t('Show as a table')}</summary>
        <div className="scroll" tabIndex={0} role="group" aria-label={t('Credits used each day, last 30 days')}>
          <table>
            <thead><tr><th scope="col">{t('Day')}</th><th scope="col" className="r">{t('Credits')}</th></tr></thead>
            <tbody id="usage-days">
              {days.map((day, place) => <tr key={place}><th scope="row">{shortDay(day.day)}</th><td className="r">{number(day.credits)}</td></tr>)}
            </tbody>
          </table>
        </div>
      </details>
    </section>
  );
}

function Resume({ tools }) {
  return (
    <section className="stack" aria-labelledby="resume">
      <div className="row between">
        <h2 id="resume">{t('Pick up where you left off')}</h2>
        <a href="/tools">{t('All tools')}</a>
      </div>
      <ul className="grid">
        {tools.map(tool => (
          <li key={tool.tool_id} className="card tool">
            <div className="row between">
              <span className="ico"><Icon name={tool.tool_id} /></span>
              {tool.is_open && <span className="tag ok">{t('open')}</span>}
            </div>
            <h3><a href={`/tools/${tool.tool_id}`}>{tool.name}</a></h3>
            <p>{tool.description}</p>
            <div className="row between">
              <span className="cost"><span className="coin" aria-hidden="true" />{t('{0} credits', number(tool.cost))}</span>
              <span className="tag">{t(tool.category)}</span>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Movements({ movements }) {
  return (
    <section className="card stack">
      <div className="row between">
        <h2 className="card-title" id="recent">{t('Latest movements')}</h2>
        <a href="/credits">{t('All movements')}</a>
      </div>
      <div className="scroll" tabIndex={0} role="group" aria-labelledby="recent">
        <table id="movements" hx-get="/dashboard" hx-trigger="aurion:balance from:body delay:200ms" hx-swap="outerHTML"
          hx-select="#movements" hx-select-oob="#balance-state,#balance-capacity,#pace,#balance-ways,#usage-scale,#usage-figure,#usage-days">
          <thead><tr><th scope="col">{t('When')}</th><th scope="col">{t('Movement')}</th><th scope="col" className="r">{t('Credits')}</th><th scope="col" className="r">{t('Balance')}</th></tr></thead>
          <tbody>
            {movements.map(movement => (
              <tr key={movement.seq}>
                <td className="nobreak"><time dateTime={movement.created_at.toISOString()}>{shortDay(movement.created_at)}</time></td>
                <td><a id={`movement-${movement.seq}`} href={`/credits/${movement.seq}`}>{movement.tool_name ? t('{0} launched', movement.tool_name) : t(movement.action_type)}</a></td>
                <td className={movement.delta > 0 ? 'r ok-ink' : 'r'}>{movement.delta > 0 ? '+' : '−'}{number(Math.abs(movement.delta))}</td>
                <td className="r">{number(movement.balance_after)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

export default async function Page() {
  const user = userOf((await cookies()).get('aurion')?.value);
  if (!user) redirect('/tools');
  const { balance, days, tools, movements, total, peak, most, pace } = await dashboardOf(user);
  return (
    <Frame heading={`Hello, ${balance.full_name ?? ''}`} path="/dashboard" balance={balance} csrf={csrf()}>
      <div className="grid min-340">
        <Balance balance={balance} left={leftOf(balance)} total={total} pace={pace} />
        <Usage days={days} total={total} peak={peak} most={most} />
      </div>
      <Resume tools={tools} />
      <Movements movements={movements} />
    </Frame>
  );
}
