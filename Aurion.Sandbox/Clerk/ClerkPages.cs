using Aurion.Sandbox.Look;
using static Aurion.Sandbox.Look.Page;

namespace Aurion.Sandbox.Clerk;

/// <summary>The hosted sign-in and sign-up pages.</summary>
internal sealed class ClerkPages(ClerkStore store, ClerkTokens tokens, ClerkWebhooks webhooks, string web)
{
    private const int ShortestPassword = 8;

    public void Map(WebApplication app)
    {
        foreach (var page in new[] { "sign-in", "sign-up" })
        {
            app.MapGet("/" + page, (string? redirect_url) => Form(page, redirect_url, null));
            app.MapPost("/" + page, (HttpContext context, CancellationToken ct) => SubmitAsync(page, context, ct)).DisableAntiforgery();
        }
    }

    private async Task<IResult> SubmitAsync(string page, HttpContext context, CancellationToken ct)
    {
        var form = await context.Request.ReadFormAsync(ct);
        var (email, password, back) = (form["email"].ToString().Trim(), form["password"].ToString(), form["redirect_url"].ToString());
        if (!IsOurs(back))
            return Form(page, web, "This address may not be returned to.", 400);
        var known = store.FindByEmail(email);
        if (page == "sign-in" && (known is null || known.Password != password))
            return Form(page, back, "E-mail or password is incorrect.", 422);
        if (page == "sign-up" && (known is not null || !email.Contains('@', StringComparison.Ordinal) || password.Length < ShortestPassword))
            return Form(page, back, known is not null ? "That e-mail is taken. Try another." : $"An e-mail and a password of at least {ShortestPassword} characters, please.", 422);

        if (known is null)
        {
            known = store.Add(email, password, form["first_name"].ToString(), form["last_name"].ToString());
            await webhooks.TellAsync("user.created", known.Describe(), ct);
        }
        var session = store.Open(known);
        // Clerk's own script would take it from here; a server takes the token once from the address and drops it.
        var separator = back.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        return Results.Redirect($"{back}{separator}__clerk_session={session.Id}&__clerk_token={tokens.Create(known, session)}");
    }

    private bool IsOurs(string address) => Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.GetLeftPart(UriPartial.Authority) == web;

    private IResult Form(string page, string? back, string? problem, int status = 200)
    {
        var (title, other, question) = page == "sign-in" ? ("Sign in", "sign-up", "No account yet?") : ("Create your account", "sign-in", "Have an account?");
        var address = Encode(back ?? web);
        return Html(Shell(title, $"""
            <section class="card stack narrow">
              <h1>{title}</h1>
              <p class="quiet">Clerk’s page, played by the sandbox.</p>
              {(problem is null ? "" : $"<p role=\"alert\" class=\"tag danger\">{Encode(problem)}</p>")}
              <form method="post" action="/{page}" class="stack">
                <input type="hidden" name="redirect_url" value="{address}">
                {(page == "sign-in" ? "" : "<div class=\"field\"><label for=\"first\">First name</label><input id=\"first\" type=\"text\" name=\"first_name\" autocomplete=\"given-name\"></div><div class=\"field\"><label for=\"last\">Last name</label><input id=\"last\" type=\"text\" name=\"last_name\" autocomplete=\"family-name\"></div>")}
                <div class="field"><label for="email">E-mail</label><input id="email" type="email" name="email" autocomplete="email" required></div>
                <div class="field"><label for="password">Password</label><input id="password" type="password" name="password" autocomplete="{(page == "sign-in" ? "current" : "new")}-password" required></div>
                <button class="btn">Continue</button>
              </form>
              <p class="quiet">{question} <a href="/{other}?redirect_url={Uri.EscapeDataString(back ?? web)}">{(page == "sign-in" ? "Sign up" : "Sign in")}</a></p>
            </section>
            """), status);
    }
}
