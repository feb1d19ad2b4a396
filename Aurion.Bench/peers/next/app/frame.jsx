import helpers from '../../helpers.mjs';
import icons from '../../icons.mjs';

const { t, number, longDay, local, pages } = helpers;

export function Icon({ name }) {
  return <svg className="icon" viewBox="0 0 24 24" aria-hidden="true" dangerouslySetInnerHTML={{ __html: icons[name] }} />;
}

function Logo({ href }) {
  return <a className="logo" href={href}><span dangerouslySetInnerHTML={{ __html: icons.logo }} />Aurion</a>;
}

export const leftOf = balance => balance ? balance.total_credits - balance.used_credits + balance.bonus_credits : null;

function Side({ balance, path }) {
  return (
    <header className="side">
      <Logo href="/dashboard" />
      <nav aria-label={t('Main')}>
        <ul className="nav">
          {pages.map(([name, word]) => (
            <li key={name}><a href={'/' + name} aria-current={path === '/' + name ? 'page' : undefined}><Icon name={'nav-' + name} />{t(word)}</a></li>
          ))}
        </ul>
      </nav>
      <div className="side-foot stack gap-2" id="side-plan" hx-get="/dashboard" hx-select="#side-plan" hx-trigger="aurion:plan from:body" hx-swap="outerHTML">
        <div className="row between">
          <strong>{t('{0} plan', balance.plan_name)}</strong><span className={`tag ${balance.status === 'active' ? 'ok' : 'danger'}`}>{t(balance.status)}</span>
        </div>
        <p className="muted small">{t('Renews on {0}', longDay(balance.current_period_end))}</p>
        <a className="btn sec sm" href="/pricing">{t('Change plan')}</a>
      </div>
    </header>
  );
}

function SiteHead({ path }) {
  return (
    <header className="wrap row between site-head">
      <Logo href="/" />
      <nav className="row gap-2" aria-label={t('Site')}>
        <span className="tabs">
          <a href="/tools" aria-current={path === '/tools' ? 'page' : undefined}>{t('Tools')}</a>
          <a href="/pricing" aria-current={path === '/pricing' ? 'page' : undefined}>{t('Pricing')}</a>
        </span>
        <a className="btn sec sm" href="/account/sign-in">{t('Sign in')}</a>
        <a className="btn sm wide-only" href="/account/sign-up">{t('Create an account')}</a>
      </nav>
    </header>
  );
}

function Foot({ path, csrf }) {
  return (
    <footer className="foot">
      <div className="wrap row between">
        <ul className="row">
          <li>© Aurion</li>
          <li><a href="/legal/notice">{t('Legal notice')}</a></li>
          <li><a href="/legal/privacy">{t('Privacy')}</a></li>
          <li><a href="/legal/terms">{t('Terms')}</a></li>
          <li><a href="/billing/cancel">{t('Cancel my contract')}</a></li>
        </ul>
        <form className="row" method="post" action="/preferences/theme">
          <input type="hidden" name="returnUrl" value={path} />
          <span className="row gap-2" role="group" aria-label={t('Theme')}>
            {[['auto', 'Auto'], ['light', 'Light'], ['dark', 'Dark']].map(([name, word]) => (
              <button key={name} className="link" name="theme" value={name} aria-pressed={name === 'auto'}>{t(word)}</button>
            ))}
          </span>
          <button className="link" name="lang" value="fr" lang="fr" formAction="/preferences/language">Français</button>
          <input name="__RequestVerificationToken" type="hidden" value={csrf} />
        </form>
      </div>
    </footer>
  );
}

export function Frame({ heading, balance, path, csrf, children }) {
  const left = leftOf(balance);
  return (
    <>
      <title>{`${heading} · Aurion`}</title>
      {balance && <meta name="csrf-token" data-header="RequestVerificationToken" content={csrf} />}
      <a className="skip" href="#main">{t('Skip to content')}</a>
      <aside className="devbar" aria-label={t('Local mode')}>
        <strong>{t('Local mode')}</strong><span className="wide-only">{t('Stripe, Clerk, OpenRouter and Freepik are simulated')}</span>
        <a href={local + ':5086'}>{t('Mailbox')}</a>
        <a href={local + ':5086/accounts'}>{t('Demo accounts')}</a>
        <a href={local + ':5081'}>{t('Local Stripe')}</a>
        <a href={local + ':5081/control'}>{t('Advance time')}</a>
      </aside>
      {balance ? (
        <div className="shell">
          <Side balance={balance} path={path} />
          <div className="desk">
            <main className="main" id="main">
              <div className="top">
                <h1>{heading}</h1>
                <a className="pill" href="/credits" data-balance-state="" data-state={left <= 0 ? 'out' : left * 4 < balance.total_credits ? 'low' : ''}>
                  <span className="coin" aria-hidden="true" /><span className="num" data-balance="available" data-value={left}>{number(left)}</span><span className="sr">{t('credits remaining')}</span>
                </a>
              </div>
              <div className="flow">{children}</div>
            </main>
            <Foot path={path} csrf={csrf} />
          </div>
        </div>
      ) : (
        <div className="site">
          <SiteHead path={path} />
          <main id="main">
            <div className="wrap">
              <div className="page-head"><h1>{heading}</h1></div>
              <div className="flow">{children}</div>
            </div>
          </main>
          <Foot path={path} csrf={csrf} />
        </div>
      )}
      <div className="toasts" id="toasts" role="status">
        <template><div className="toast"><span data-text="" /><button type="button" aria-label={t('Dismiss')}><Icon name="close" /></button></div></template>
      </div>
      <p className="sr" id="announcer" role="status" />
    </>
  );
}
