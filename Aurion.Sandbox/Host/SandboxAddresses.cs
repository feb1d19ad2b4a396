using System.Globalization;

namespace Aurion.Sandbox.Host;

/// <summary>Where everything listens, as origins without a trailing slash.</summary>
public sealed record SandboxAddresses(string Web, string Stripe, string Clerk, string OpenRouter, string Freepik, string Tools, string Mail, int SmtpPort)
{
    /// <summary>The documented ports; one that is taken moves to the next free one.</summary>
    internal static SandboxAddresses Choose(ReservedPorts ports)
    {
        // A neighbour that moves must not push the next one along.
        HashSet<int> documented = [.. Enumerable.Range(5080, 7)];
        string Origin(int wanted)
        {
            documented.Remove(wanted);
            return "http://127.0.0.1:" + ports.Take(wanted, documented).ToString(CultureInfo.InvariantCulture);
        }
        return new SandboxAddresses(Origin(5080), Origin(5081), Origin(5082), Origin(5083), Origin(5084), Origin(5085), Origin(5086), ports.Take(5087, documented));
    }
}
