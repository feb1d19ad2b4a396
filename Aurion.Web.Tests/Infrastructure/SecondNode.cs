namespace Aurion.Web.Tests.Infrastructure;

/// <summary>Another web of the same database.</summary>
public sealed class SecondNode : AurionApp
{
    private SecondNode(string owner) => OwnerConnectionString = owner;

    public static async Task<SecondNode> StartAsync(AurionApp first)
    {
        var node = new SecondNode(first.OwnerConnectionString);
        await node.InitializeAsync();
        return node;
    }

    public override Task InitializeAsync()
    {
        UseKestrel();
        StartServer();
        return Task.CompletedTask;
    }
}
