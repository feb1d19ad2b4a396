using Aurion.Sandbox.Look;

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

    private IResult Form(string page, string? back, string? problem, int status = 200) =>
        Page.Show<ClerkForm>(new { IsSignIn = page == "sign-in", Back = back ?? web, Problem = problem }, status);
}
