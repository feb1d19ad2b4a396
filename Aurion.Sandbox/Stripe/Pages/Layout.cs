namespace Aurion.Sandbox.Stripe.Pages;

/// <summary>The frame of the stand-in's pages: no script, readable in light and dark, from 320 px up.</summary>
internal static class Layout
{
    private const string Css = """
        :root{color-scheme:light dark;--bg:light-dark(#f6f7fb,#12141c);--card:light-dark(#fff,#1b1e29);--ink:light-dark(#1b2033,#eef0f7);--soft:light-dark(#565d75,#a9b0c6);--line:light-dark(#d5d9e6,#353b50);--field:light-dark(#7d849c,#7d849c);--brand:light-dark(#4434c9,#a79dff);--on:light-dark(#fff,#15131f);--bad:light-dark(#b3261e,#ff9a92);--bad-bg:light-dark(#fdecea,#3a1c1a);--good:light-dark(#176639,#84d9a5)}
        *{box-sizing:border-box}body{margin:0;background:var(--bg);color:var(--ink);font:1rem/1.55 ui-sans-serif,system-ui,sans-serif}
        main{width:min(100% - 2rem,var(--width,30rem));margin:2rem auto 4rem}.bar{background:#272b3d;color:#f3f4fb;font-size:.8125rem;text-align:center;padding:.45rem 1rem}.bar a{color:#ffd98a}
        h1{font-size:1.5rem;line-height:1.2;margin:.2rem 0 .6rem;text-wrap:balance}h2{font-size:1.1rem;margin:2rem 0 .5rem}.card{background:var(--card);border:1px solid var(--line);border-radius:14px;padding:1.5rem;margin-block:1rem}.card>:first-child,.card>form>:first-child,fieldset>legend+label{margin-top:0}
        .amount{font-size:2.1rem;font-weight:700;font-variant-numeric:tabular-nums}.soft{color:var(--soft)}.row{display:flex;gap:1rem;flex-wrap:wrap;align-items:center}.row>*{flex:1 1 8rem}.row>.fit{flex:0 0 auto}dl.lines>div{display:flex;justify-content:space-between;gap:1rem;padding:.4rem 0;border-top:1px solid var(--line)}dl.lines dd{margin:0;font-variant-numeric:tabular-nums;text-align:right}
        label{display:block;font-weight:600;font-size:.9rem;margin:.9rem 0 .3rem}input,select{width:100%;min-height:44px;padding:0 .75rem;border:1px solid var(--field);border-radius:9px;background:var(--card);color:inherit;font:inherit}input[type=checkbox]{width:1.2rem;min-height:1.2rem;margin-right:.5rem}input[aria-invalid=true]{border:2px solid var(--bad)}.error{color:var(--bad);font-size:.875rem;margin:.3rem 0 0}.alert{background:var(--bad-bg);color:var(--bad);border-radius:10px;padding:.75rem 1rem;font-weight:600}.ok{color:var(--good)}
        button,.button{display:inline-flex;align-items:center;justify-content:center;min-height:46px;padding:0 1.1rem;border:1px solid transparent;border-radius:10px;background:var(--brand);color:var(--on);font:inherit;font-weight:650;cursor:pointer;text-decoration:none}button.wide{width:100%;margin-top:1.4rem}button.plain,.button.plain{background:transparent;color:var(--ink);border-color:var(--field)}form+form,.row+.scroll{margin-top:1rem}button.small{min-height:36px;padding:0 .8rem;font-size:.875rem}a{color:var(--brand)}:focus-visible{outline:3px solid var(--brand);outline-offset:2px}
        table{width:100%;border-collapse:collapse;font-size:.875rem}th{text-align:left;color:var(--soft);padding:.4rem .6rem;border-bottom:1px solid var(--line)}td{padding:.45rem .6rem;border-bottom:1px solid var(--line);vertical-align:middle}td button{white-space:nowrap}td .row{flex-wrap:nowrap;gap:.5rem}td .row>:not(.fit){flex:0 1 8rem;min-width:7rem}td input{min-height:36px}.scroll{overflow-x:auto}code{font:.85em ui-monospace,monospace}pre{overflow-x:auto;font:.8rem/1.5 ui-monospace,monospace;background:var(--card);border:1px solid var(--line);border-radius:10px;padding:1rem}details{margin-top:1rem}summary{cursor:pointer;color:var(--soft)}nav.top{display:flex;gap:1rem;flex-wrap:wrap;margin-bottom:1rem}fieldset{border:1px solid var(--line);border-radius:10px;padding:1rem;margin:1rem 0}legend{font-weight:650;padding:0 .4rem}
        """;

    public static IResult Page(string title, Html body, string language = "en", int status = 200, bool wide = false) => Results.Content(
        Html.Of($"""
        <!doctype html>
        <html lang="{language}">
        <head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title><link rel="icon" href="data:,"><style>{new Html(Css)}</style></head>
        <body>
        <aside class="bar" aria-label="{(language == "fr" ? "Bac à sable" : "Sandbox")}">{(language == "fr" ? "Bac à sable : aucune vraie carte, aucun vrai paiement" : "Sandbox: no real card, no real payment")} · <a href="/">Stripe</a> · <a href="/control">{(language == "fr" ? "Commandes" : "Controls")}</a></aside>
        <main{(wide ? new Html(" style=\"--width:76rem\"") : Html.None)}>
        {body}
        </main>
        </body>
        </html>
        """).Text, "text/html; charset=utf-8", null, status);
}
