import icons from './icons.mjs';

// What every view uses: words by language, figures and days as people write them, pictures.
const french = new Map([['Tools', 'Outils'], ['Ledger', 'Journal'], ['Plan', 'Abonnement'], ['Account', 'Compte']]);
const words = new Map([['en', new Map()], ['fr', french]]);
const figures = new Intl.NumberFormat('en-US');
const short = new Intl.DateTimeFormat('en-US', { month: 'short', day: 'numeric', timeZone: 'UTC' });
const long = new Intl.DateTimeFormat('en-US', { month: 'long', day: 'numeric', timeZone: 'UTC' });
const assets = new Map([['css/app.css', '/css/app.m0mugijz0d.css'], ['js/app.js', '/js/app.jp695hvq1d.js']]);

export default {
  icons,
  pages: [['dashboard', 'Home'], ['tools', 'Tools'], ['credits', 'Ledger'], ['billing', 'Plan'], ['account', 'Account']],
  local: 'http://127.0.0.1',
  icon: name => `<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">${icons[name]}</svg>`,
  asset: path => assets.get(path) ?? `/${path}`,
  number: value => figures.format(value),
  shortDay: day => short.format(day),
  longDay: day => long.format(day),
  daysUntil: day => Math.max(0, Math.ceil((day - Date.now()) / 86_400_000)),
  t: (word, ...values) => {
    const found = words.get('en').get(word) ?? word;
    return values.length ? found.replace(/\{(\d)\}/g, (_, place) => values[place]) : found;
  },
};
