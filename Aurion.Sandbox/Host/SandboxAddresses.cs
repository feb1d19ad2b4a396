using System.Globalization;

namespace Aurion.Sandbox.Host;

/// <summary>Where everything listens, as origins without a trailing slash.</summary>
public sealed record SandboxAddresses(string Web, string Stripe, string Clerk, string OpenRouter, string Freepik, string Tools, string Mail, int SmtpPort)
{
    /// <summary>The documented ports; one that is taken moves to the next free one.</summary>
    public static SandboxAddresses Choose()
    {
        // The documented ones are wanted first, so that a neighbour that moves does not push the next one along.
        HashSet<int> taken = [];
        HashSet<int> documented = [.. Enumerable.Range(5080, 7)];
        string Origin(int wanted)
        {
            documented.Remove(wanted);
            var port = FreePort.From(wanted, [.. taken, .. documented]);
            taken.Add(port);
            return "http://127.0.0.1:" + port.ToString(CultureInfo.InvariantCulture);
        }
        return new SandboxAddresses(Origin(5080), Origin(5081), Origin(5082), Origin(5083), Origin(5084), Origin(5085), Origin(5086),
            FreePort.From(5087, taken));
    }

    public static int Port(string address) => new Uri(address).Port;
}
