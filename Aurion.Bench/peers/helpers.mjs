import icons from './icons.mjs';

// What every view uses: words, figures and days as people write them, pictures. A word is looked up, as a site in two languages
// does, and English is its own key.
const words = new Map();
const figures = new Intl.NumberFormat('en-US');
const short = new Intl.DateTimeFormat('en-US', { month: 'short', day: 'numeric', timeZone: 'UTC' });
const long = new Intl.DateTimeFormat('en-US', { month: 'long', day: 'numeric', timeZone: 'UTC' });

export default {
  icons,
  pages: [['dashboard', 'Home'], ['tools', 'Tools'], ['credits', 'Ledger'], ['billing', 'Plan'], ['account', 'Account']],
  local: 'http://127.0.0.1',
  icon: name => `<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">${icons[name]}</svg>`,
  asset: path => `/${path}`,
  number: value => figures.format(value),
  shortDay: day => short.format(day),
  longDay: day => long.format(day),
  daysUntil: day => Math.max(0, Math.ceil((day - Date.now()) / 86_400_000)),
  t: (word, ...values) => {
    const found = words.get(word) ?? word;
    return values.length ? found.replace(/\{(\d)\}/g, (_, place) => values[place]) : found;
  },
};
