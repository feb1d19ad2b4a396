using System.ComponentModel.DataAnnotations;

namespace Aurion.Web.Infrastructure.Settings;

/// <summary>How session tokens are signed.</summary>
public sealed class JwtOptions
{
    [Setting("JWT_SECRET", "signs the session tokens; at least 32 characters", "openssl rand -base64 48")]
    [Required(ErrorMessage = "is missing"), MinLength(32, ErrorMessage = "must have at least 32 characters"), NoSandboxKey("sandbox-")]
    public string Secret { get; init; } = "";

    [Setting("AURION_JWT_ISSUER", "the issuer written into session tokens", "leave empty for AURION_PUBLIC_URL")]
    public string Issuer { get; init; } = "";
}
