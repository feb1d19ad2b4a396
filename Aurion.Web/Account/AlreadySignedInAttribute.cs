using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Core.Infrastructure;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Aurion.Web.Account;

/// <summary>
/// A sign-in form left open in a second tab carries an antiforgery token of a visitor. Its owner is signed in by now, so the
/// refused form redirects to the dashboard instead of answering 400; it is not read.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class AlreadySignedInAttribute : Attribute, IAlwaysRunResultFilter
{
    public void OnResultExecuting(ResultExecutingContext context)
    {
        if (context.Result is IAntiforgeryValidationFailedResult && context.HttpContext.User.FindId() is not null)
            context.Result = new LocalRedirectResult(LocalPath.Dashboard);
    }

    public void OnResultExecuted(ResultExecutedContext context)
    {
    }
}
