using Aurion.Sandbox.Host;

namespace Aurion.Sandbox.Postgres;

/// <summary>PostgreSQL refuses root, so as root its programs run as another user of the machine.</summary>
internal sealed record UnprivilegedUser(string Name, string UserId, string GroupId)
{
    private static readonly string[] Candidates = ["postgres", "nobody"];

    /// <summary>The user to become, or null where we are an ordinary user already.</summary>
    public static UnprivilegedUser? Find()
    {
        if (OperatingSystem.IsWindows() || !Environment.IsPrivilegedProcess)
            return null;
        var users = File.ReadLines("/etc/passwd").Select(line => line.Split(':')).Where(fields => fields.Length > 3).ToList();
        return Candidates
                .Select(name => users.Find(fields => fields[0] == name))
                .OfType<string[]>()
                .Select(fields => new UnprivilegedUser(fields[0], fields[2], fields[3]))
                .FirstOrDefault()
            ?? throw new SandboxException("PostgreSQL refuses to run as root, and neither user 'postgres' nor 'nobody' exists. Start the sandbox as an ordinary user.");
    }

    /// <summary>The same command, run as this user.</summary>
    public IReadOnlyList<string> Wrap(params IReadOnlyList<string> command)
    {
        if (Programs.Find("setpriv") is { } setpriv)
            return [setpriv, $"--reuid={UserId}", $"--regid={GroupId}", "--clear-groups", "--", .. command];
        if (Programs.Find("runuser") is { } runuser)
            return [runuser, "-u", Name, "--", .. command];
        if (Programs.Find("sudo") is { } sudo)
            return [sudo, "-u", Name, "--", .. command];
        throw new SandboxException("PostgreSQL refuses to run as root, and none of setpriv, runuser and sudo is here to become another user. Start the sandbox as an ordinary user.");
    }

    public async Task OwnAsync(string folder, CancellationToken ct)
    {
        var (code, output) = await ChildProcess.RunAsync(["chown", "-R", $"{UserId}:{GroupId}", folder], "/", ct: ct);
        if (code != 0)
            throw new SandboxException($"The folder {folder} could not be given to user '{Name}': {output}");
    }
}
