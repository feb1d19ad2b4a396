using System.Collections.Concurrent;
using Aurion.Sandbox.Look;
using Microsoft.AspNetCore.WebUtilities;

namespace Aurion.Sandbox.Clerk;

/// <summary>
/// The Account Portal: sign-in, and sign-up with a code that proves the address. Whoever is signed in already goes straight back.
/// A development instance adds its dev browser to the address, as Clerk does, and nothing else.
/// </summary>
internal sealed class ClerkPortal(ClerkInstance instance, ClerkStore store, ClerkUsers users)
{
    /// <summary>What Clerk's test addresses are verified with.</summary>
    public const string Code = "424242";

    private const int ShortestPassword = 8;

    private readonly ConcurrentDictionary<string, SignUp> attempts = new();

    public void Map(WebApplication app)
    {
        foreach (var page in new[] { "sign-in", "sign-up" })
        {
            app.MapGet("/" + page, (HttpContext context, string? redirect_url) => store.FindLive(context.Request.Cookies[ClerkFrontend.ClientCookie]) is not null
                ? GoBack(context, redirect_url)
                : Form(page, redirect_url, null));
            app.MapPost("/" + page, (HttpContext context, CancellationToken ct) => SubmitAsync(page, context, ct)).DisableAntiforgery();
        }
        app.MapPost("/sign-up/verify", VerifyAsync).DisableAntiforgery();
        app.MapGet("/sign-out", SignOut);
    }

    private async Task<IResult> SubmitAsync(string page, HttpContext context, CancellationToken ct)
    {
        var form = await context.Request.ReadFormAsync(ct);
        var (email, password, back) = (form["email"].ToString().Trim(), form["password"].ToString(), form["redirect_url"].ToString());
        if (!instance.MayReturnTo(back))
            return Form(page, instance.Web, "This address may not be returned to.", 400);
        var known = store.FindByEmail(email);
        if (page == "sign-in")
            return known is not null && known.Password == password && password.Length > 0
                ? Complete(context, known, back)
                : Form(page, back, known is null ? "Couldn’t find your account." : "Password is incorrect. Try again, or use another method.", 422);

        if (known is not null || !email.Contains('@', StringComparison.Ordinal) || password.Length < ShortestPassword)
            return Form(page, back, known is not null ? "That email address is taken. Please try another." : $"An e-mail and a password of at least {ShortestPassword} characters, please.", 422);
        var attempt = ClerkStore.NewId("sua_");
        attempts[attempt] = new(email, password, form["first_name"].ToString(), form["last_name"].ToString());
        return Page.Show<ClerkVerify>(new { Email = email, Attempt = attempt, Back = back });
    }

    private async Task<IResult> VerifyAsync(HttpContext context, CancellationToken ct)
    {
        var form = await context.Request.ReadFormAsync(ct);
        var (attempt, back) = (form["attempt"].ToString(), form["redirect_url"].ToString());
        if (!attempts.TryGetValue(attempt, out var person) || !instance.MayReturnTo(back))
            return Form("sign-up", instance.Web, "This sign-up has expired. Start again.", 422);
        if (form["code"] != Code)
            return Page.Show<ClerkVerify>(new { person.Email, Attempt = attempt, Back = back, Problem = "Incorrect code." }, 422);
        attempts.TryRemove(attempt, out _);
        return users.Create(person.Email, person.Password, person.FirstName, person.LastName) is { } user
            ? Complete(context, user, back)
            : Form("sign-up", back, "That email address is taken. Please try another.", 422);
    }

    private IResult Complete(HttpContext context, ClerkUser user, string back)
    {
        var client = context.Request.Cookies[ClerkFrontend.ClientCookie] ?? ClerkStore.NewId("client_");
        users.SignIn(user, client);
        context.Response.Cookies.Append(ClerkFrontend.ClientCookie, client, new CookieOptions { Path = "/", HttpOnly = true, SameSite = SameSiteMode.Lax, MaxAge = TimeSpan.FromDays(365) });
        return Return(client, back);
    }

    private IResult GoBack(HttpContext context, string? back) =>
        Return(context.Request.Cookies[ClerkFrontend.ClientCookie]!, instance.MayReturnTo(back) ? back! : instance.Web);

    private IResult Return(string client, string back) =>
        Results.Redirect(instance.IsProduction ? back : QueryHelpers.AddQueryString(back, "__clerk_db_jwt", store.NewDevBrowser(client)));

    private IResult SignOut(HttpContext context, string? redirect_url)
    {
        if (store.FindLive(context.Request.Cookies[ClerkFrontend.ClientCookie]) is { } session)
            users.SignOut(session.Id, "ended");
        return Results.Redirect(instance.MayReturnTo(redirect_url) ? redirect_url! : "/sign-in");
    }

    private IResult Form(string page, string? back, string? problem, int status = 200) =>
        Page.Show<ClerkForm>(new { IsSignIn = page == "sign-in", Back = back ?? instance.Web, Problem = problem }, status);

    private sealed record SignUp(string Email, string Password, string FirstName, string LastName);
}
