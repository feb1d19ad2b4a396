namespace Aurion.Sandbox.OpenRouter;

/// <summary>What the key has spent since the sandbox started.</summary>
internal sealed class Account
{
    private const decimal Limit = 100m;

    private readonly Lock door = new();
    private decimal spent;

    public void Spend(decimal cost)
    {
        lock (door)
            spent += cost;
    }

    public object Describe()
    {
        lock (door)
            return new { label = "sk-or-v1-sandbox…", usage = spent, limit = Limit, limit_remaining = Limit - spent, is_free_tier = false, is_provisioning_key = false, rate_limit = new { requests = 200, interval = "10s" } };
    }
}
