import { cookies } from 'next/headers';
import { balanceOf, csrf, listTools, showTools, userOf } from '../../../data.mjs';
import helpers from '../../../helpers.mjs';
import { Frame, Icon, leftOf } from '../frame.jsx';

const { t, number } = helpers;

function Search({ tools, signedIn }) {
  return (
    <form className="row end" role="search" method="get" action="/tools" hx-get="/tools" hx-target="#catalogue" hx-swap="outerHTML"
      hx-trigger="input changed delay:150ms from:#q, change from:#category, change from:#sort, change from:#show, submit" hx-sync="this:replace">
      <div className="field search">
        <label htmlFor="q">{t('Search')}</label>
        <input id="q" name="q" type="search" placeholder={t('app, image, text')} autoComplete="off" maxLength={100} data-search="" />
      </div>
      <div className="field">
        <label htmlFor="category">{t('Category')}</label>
        <select id="category" name="category">
          <option value="">{t('All categories')}</option>
          {[...new Set(tools.map(tool => tool.category))].map(category => <option key={category} value={category}>{t(category)}</option>)}
        </select>
      </div>
      <div className="field">
        <label htmlFor="sort">{t('Sort')}</label>
        <select id="sort" name="sort">
          <option value="">{t('Recommended')}</option>
          <option value="cost">{t('Lowest cost first')}</option>
        </select>
      </div>
      {signedIn && (
        <fieldset className="seg" id="show">
          <legend className="sr">{t('Show')}</legend>
          <label><input type="radio" name="show" value="" defaultChecked />{t('All')}</label>
          <label><input type="radio" name="show" value="favourites" />{t('Favourites')}</label>
          <label><input type="radio" name="show" value="reach" />{t('Within reach')}</label>
        </fieldset>
      )}
      <noscript><button className="btn sec">{t('Search')}</button></noscript>
    </form>
  );
}

function Card({ tool, balance, left }) {
  const live = tool.status === 'live', missing = live && balance && tool.cost > left ? tool.cost - left : null;
  return (
    <li className="card tool">
      <div className="row between">
        <span className="ico"><Icon name={tool.tool_id} /></span>
        {!live ? <span className="tag warn push">{t('Coming soon')}</span> : tool.is_open ? <span className="tag ok push">{t('open')}</span> : null}
        {balance && (
          <button className="fav" id={`favourite-${tool.tool_id}`} form="favourites" formAction={`/tools/${tool.tool_id}/favourite`} name="keep" value={String(!tool.is_favourite)}
            hx-post={`/tools/${tool.tool_id}/favourite`} hx-swap="outerHTML" aria-pressed={tool.is_favourite} aria-label={t('Favourite: {0}', tool.name)}><Icon name="star" /></button>
        )}
      </div>
      <h2><a href={`/tools/${tool.tool_id}`}>{tool.name}</a></h2>
      <p>{tool.description}</p>
      {balance && live && (
        <p className="short small" data-short-of={tool.cost} hidden={missing === null}>{t('Short by')} <strong className="num" data-missing="">{missing === null ? '' : number(missing)}</strong></p>
      )}
      <div className="row between">
        <span className="cost"><span className="coin" aria-hidden="true" />{t('{0} credits', number(tool.cost))}</span>
        <span className="tag">{t(tool.category)}</span>
      </div>
    </li>
  );
}

export default async function Page() {
  const user = userOf((await cookies()).get('aurion')?.value);
  const [balance, tools] = user ? await Promise.all([balanceOf(user), listTools(user)]) : [null, await showTools()];
  const [token, left] = [csrf(), leftOf(balance)];
  return (
    <Frame heading="Tools" path="/tools" balance={balance} csrf={token}>
      <Search tools={tools} signedIn={balance !== null} />
      {balance && (
        <form id="favourites" method="post" action="/tools"><input type="hidden" name="returnUrl" value="/tools" /><input name="__RequestVerificationToken" type="hidden" value={token} /></form>
      )}
      <section className="stack" id="catalogue" aria-label={t('Tools')}>
        <p className="muted small">{t('{0} tools', tools.length)}</p>
        <ul className="grid">{tools.map(tool => <Card key={tool.tool_id} tool={tool} balance={balance} left={left} />)}</ul>
      </section>
    </Frame>
  );
}
