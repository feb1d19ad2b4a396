using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Aurion.Data.Account;
using Aurion.Web.Infrastructure.Security;

namespace Aurion.Web.Account;

/// <summary>How many attempts are allowed, by account and by network. No limit locks anybody out for longer than its interval.</summary>
public static class AttemptLimits
{
    /// <summary>A browser that signed in to this account before has a limit of its own, which strangers cannot use up.</summary>
    public static IReadOnlyList<AttemptLimit> SignIn(string email, IPAddress? address, string? knownBrowser) =>
    [
        new(Subject("sign-in", RateLimits.Network(address)), 60, TimeSpan.FromSeconds(2)),
        new(Subject("sign-in", email, RateLimits.Network(address)), 8, TimeSpan.FromSeconds(30)),
        knownBrowser is null
            ? new(Subject("sign-in", email), 30, TimeSpan.FromMinutes(1))
            : new(Subject("sign-in", email, knownBrowser), 8, TimeSpan.FromSeconds(30)),
    ];

    /// <summary>Of challenges for passkeys, each of which lets one signature be tried. Nobody is named before it is checked.</summary>
    public static AttemptLimit PasskeySignIn(IPAddress? address) =>
        new(Subject("passkey", RateLimits.Network(address)), 60, TimeSpan.FromSeconds(2));

    public static AttemptLimit SignUp(IPAddress? address) =>
        new(Subject("sign-up", RateLimits.Network(address)), 60, TimeSpan.FromSeconds(10));

    /// <summary>Sign-up says plainly that an e-mail has an account, so it says so to one network a few times only.</summary>
    public static AttemptLimit TakenEmail(IPAddress? address) =>
        new(Subject("taken", RateLimits.Network(address)), 10, TimeSpan.FromMinutes(5));

    /// <summary>
    /// The neighbourhood in which accounts are counted: an IPv4 /24, which hosts rent out as a whole, or an IPv6 /64. The price of being
    /// counted with a neighbour is one click in a mail.
    /// </summary>
    public static string SignUpNetwork(IPAddress? address)
    {
        if (address is { IsIPv4MappedToIPv6: true })
            address = address.MapToIPv4();
        var network = address?.AddressFamily == AddressFamily.InterNetwork ? string.Join('.', address.GetAddressBytes().Take(3)) : RateLimits.Network(address);
        return Subject("sign-ups", network);
    }

    /// <summary>Of the codes of the second step. Whoever tries them knows the password already.</summary>
    public static AttemptLimit SecondFactor(Guid userId) =>
        new(Subject("second-factor", userId.ToString()), 5, TimeSpan.FromMinutes(1));

    /// <summary>Of the mail that proves an address.</summary>
    public static AttemptLimit AddressProof(Guid userId) =>
        new(Subject("address-proof", userId.ToString()), 3, TimeSpan.FromMinutes(10));

    /// <summary>Of mails to an address that somebody says is theirs.</summary>
    public static IReadOnlyList<AttemptLimit> AddressChange(Guid userId, string email) =>
    [
        new(Subject("address-change", userId.ToString()), 5, TimeSpan.FromMinutes(10)),
        new(Subject("address-change", email), 4, TimeSpan.FromMinutes(10)),
    ];

    public static AttemptLimit PasswordChange(Guid userId) =>
        new(Subject("password", userId.ToString()), 8, TimeSpan.FromSeconds(30));

    /// <summary>Equal for an e-mail without an account. Whoever reaches the limit has the mails that were sent before.</summary>
    public static IReadOnlyList<AttemptLimit> PasswordReset(string email, IPAddress? address) =>
    [
        new(Subject("reset", RateLimits.Network(address)), 60, TimeSpan.FromSeconds(10)),
        new(Subject("reset", email), 4, TimeSpan.FromMinutes(10)),
    ];

    /// <summary>Of the mailed link that cancels a contract; equal for an e-mail without one.</summary>
    public static IReadOnlyList<AttemptLimit> CancelLink(string email, IPAddress? address) =>
    [
        new(Subject("cancel", RateLimits.Network(address)), 60, TimeSpan.FromSeconds(10)),
        new(Subject("cancel", email), 4, TimeSpan.FromMinutes(10)),
    ];

    private static string Subject(params string[] parts) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts))));
}
