using System.Security.Cryptography;
using System.Text;

namespace Aurion.Sandbox.Clerk;

/// <summary>What all parts know of the instance. The tests' switches change it while it runs.</summary>
internal sealed class ClerkInstance(string web)
{
    public string Web { get; } = web;

    /// <summary>The address of the Frontend API, which the tokens name as their issuer.</summary>
    public string Issuer { get; set; } = "";

    /// <summary>A production instance hands cookies over in a cookie, a development one in the address and by a dev browser.</summary>
    public bool IsProduction { get; set; }

    public int TokenVersion { get; set; } = 2;

    /// <summary>Bytes of a claim that somebody added to the session token in Clerk's dashboard.</summary>
    public int CustomClaim { get; set; }

    /// <summary>Seconds by which Clerk's clock goes wrong.</summary>
    public int Skew { get; set; }

    public string PublishableKey =>
        (IsProduction ? "pk_live_" : "pk_test_") + Convert.ToBase64String(Encoding.ASCII.GetBytes(new Uri(Issuer).Authority + "$"));

    /// <summary>What tells the cookies of one instance from those of another on the same domain.</summary>
#pragma warning disable CA5350 // Clerk's choice, and it protects nothing.
    public string CookieSuffix =>
        Convert.ToBase64String(SHA1.HashData(Encoding.UTF8.GetBytes(PublishableKey))).Replace('+', '-').Replace('/', '_')[..8];
#pragma warning restore CA5350

    public bool MayReturnTo(string? address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.GetLeftPart(UriPartial.Authority) is var origin && (origin == Web || origin == Issuer);
}
