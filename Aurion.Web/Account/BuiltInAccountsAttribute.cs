using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Aurion.Web.Account;

/// <summary>
/// A page of the built-in accounts: where people sign in at Clerk it leads to the sign-in page. With <see cref="LeadsElsewhere"/> the page
/// itself shows the way there, and only its form is closed.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class BuiltInAccountsAttribute : Attribute, IAuthorizationFilter
{
    public bool LeadsElsewhere { get; init; }

    public void OnAuthorization(AuthorizationFilterContext context)
    {
        if (context.HttpContext.RequestServices.GetRequiredService<ClerkOptions>().IsOn && !(LeadsElsewhere && HttpMethods.IsGet(context.HttpContext.Request.Method)))
            context.Result = new LocalRedirectResult("/account/sign-in");
    }
}
