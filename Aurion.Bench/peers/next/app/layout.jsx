import helpers from '../../helpers.mjs';

export const dynamic = 'force-dynamic';
export const metadata = { description: 'All your AI tools, one meter.' };

const htmx = '{"selfRequestsOnly":true,"allowEval":false,"allowScriptTags":false,"includeIndicatorStyles":false,"historyCacheSize":0,"responseHandling":[{"code":"204","swap":false},{"code":"(403|422)","swap":true},{"code":"[23]..","swap":true},{"code":"[45]..","swap":false,"error":true}]}';

export default function Layout({ children }) {
  const { asset } = helpers;
  return (
    <html lang="en" data-theme="auto">
      <head>
        <meta name="color-scheme" content="light dark" />
        <link rel="preload" href="/fonts/inter-5.3.0.woff2" as="font" type="font/woff2" crossOrigin="" />
        <link rel="preload" href="/fonts/bricolage-5.3.0.woff2" as="font" type="font/woff2" crossOrigin="" />
        <link rel="stylesheet" href={asset('css/app.css')} />
        <link rel="icon" href={asset('favicon.svg')} type="image/svg+xml" />
        <link rel="icon" href={asset('favicon.ico')} sizes="32x32" />
        <link rel="apple-touch-icon" href={asset('apple-touch-icon.png')} />
        <meta name="htmx-config" content={htmx} />
        <script src={asset('js/app.js')} defer />
      </head>
      <body>{children}</body>
    </html>
  );
}
