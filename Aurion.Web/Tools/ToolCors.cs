using Aurion.Web.Infrastructure.Security;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.Options;

namespace Aurion.Web.Tools;

/// <summary>For what embedded tools call: their origins are rows of the catalogue and may change while we serve.</summary>
public sealed class ToolCors(IOptions<CorsOptions> options, ToolFrames frames) : ICorsPolicyProvider
{
    /// <summary><c>.RequireCors(ToolCors.Name)</c></summary>
    public const string Name = "tools";

    private readonly DefaultCorsPolicyProvider others = new(options);

    public async Task<CorsPolicy?> GetPolicyAsync(HttpContext context, string? policyName)
    {
        if (policyName != Name)
            return await others.GetPolicyAsync(context, policyName);
        var policy = new CorsPolicyBuilder([.. await frames.OriginsAsync(context.RequestAborted)]);
        Cors.Shape(policy);
        return policy.Build();
    }
}
