namespace Aurion.Sandbox.OpenRouter;

/// <summary>The account's credits, and the key with a limit of its own or none.</summary>
internal sealed class Account
{
    private readonly Lock door = new();
    private decimal bought = 100m;
    private decimal spent;
    private decimal? limit;

    public decimal Remaining
    {
        get
        {
            lock (door)
                return bought - spent;
        }
        set
        {
            lock (door)
                bought = spent + value;
        }
    }

    public decimal? KeyLimitRemaining
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

    /// <summary>https://openrouter.ai/docs/api/api-reference/credits/get-credits</summary>
    public object Credits()
    {
        lock (door)
            return new { total_credits = bought, total_usage = spent };
    }

    /// <summary>https://openrouter.ai/docs/api/api-reference/api-keys/get-current-key</summary>
    public object Describe(bool isManagement)
    {
        lock (door)
            return new
            {
                label = "sk-or-v1-san...box",
                creator_user_id = "user_sandbox",
                usage = spent,
                usage_daily = spent,
                usage_weekly = spent,
                usage_monthly = spent,
                byok_usage = 0m,
                byok_usage_daily = 0m,
                byok_usage_weekly = 0m,
                byok_usage_monthly = 0m,
                include_byok_in_limit = false,
                limit,
                limit_remaining = limit - spent,
                limit_reset = (string?)null,
                is_free_tier = false,
                is_management_key = isManagement,
                is_provisioning_key = isManagement,
                expires_at = (string?)null,
                rate_limit = new { requests = -1, interval = "10s", note = "This field is deprecated and safe to ignore." },
            };
    }
}
