using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Core.Infrastructure;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Aurion.Web.Account;

/// <summary>
/// A sign-in form that was still open in a second tab carries the token of nobody; its owner is signed in by now, so the
/// refusal that the framework would answer becomes the way to the dashboard. The form itself stays unread.
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
