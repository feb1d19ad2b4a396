namespace Aurion.Sandbox.Host;

/// <summary>What was asked for on the command line.</summary>
internal sealed record SandboxOptions(string? StateFile = null, bool Fresh = false, bool NoWeb = false, bool Help = false)
{
    public const string Usage = """
        AURION sandbox: everything AURION needs, on this machine and without one account.

          dotnet run --project Aurion.Sandbox [-- options]

          --state FILE   once all is ready, write addresses, keys and demo accounts to FILE as JSON
          --fresh        start from an empty database and today's time
          --no-web       leave Aurion.Web out, to start it from an editor (settings: .sandbox/web-PORT.env)
          --help         this list
        """;

    /// <summary>Reads the arguments; an unknown one is refused with the list.</summary>
    public static SandboxOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new SandboxOptions();
        for (var i = 0; i < arguments.Count; i++)
        {
            options = arguments[i] switch
            {
                "--fresh" => options with { Fresh = true },
                "--no-web" => options with { NoWeb = true },
                "--help" or "-h" => options with { Help = true },
                "--state" when i + 1 < arguments.Count && arguments[i + 1] is { Length: > 0 } file && !file.StartsWith("--", StringComparison.Ordinal)
                    => options with { StateFile = Path.GetFullPath(arguments[++i]) },
                "--state" => throw Refused("--state needs the name of a file."),
                var unknown => throw Refused($"Unknown option: {unknown}"),
            };
        }
        return options;
    }

    private static SandboxException Refused(string why) => new($"{why}{Environment.NewLine}{Environment.NewLine}{Usage}");
}
