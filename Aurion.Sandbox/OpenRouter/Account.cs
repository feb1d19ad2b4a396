namespace Aurion.Sandbox.OpenRouter;

/// <summary>The credits behind the key: what was spent since the sandbox started, and what is left.</summary>
internal sealed class Account
{
    private readonly Lock door = new();
    private decimal limit = 100m;
    private decimal spent;

    public decimal Remaining
    {
        get
        {
            lock (door)
                return limit - spent;
        }
        set
        {
            lock (door)
                limit = spent + value;
        }
    }

    public void Spend(decimal cost)
    {
        lock (door)
            spent += cost;
    }

    public object Describe()
    {
        lock (door)
            return new
            {
                label = "sk-or-v1-sandbox…",
                usage = spent,
                usage_daily = spent,
                usage_weekly = spent,
                usage_monthly = spent,
                limit,
                limit_remaining = limit - spent,
                limit_reset = (string?)null,
                is_free_tier = false,
                is_provisioning_key = false,
                expires_at = (string?)null,
            };
    }
}
