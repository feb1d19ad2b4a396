namespace Aurion.Sandbox.Stripe;

/// <summary>What the Stripe stand-in needs to know; everything else it keeps in PostgreSQL.</summary>
public sealed record StripeStandInOptions
{
    /// <summary>May create the schema <c>sandbox_stripe</c>.</summary>
    public required string OwnerConnectionString { get; init; }
    public required string SecretKey { get; init; }
    /// <summary>The signing secret of the endpoint at <see cref="WebhookUrl"/>.</summary>
    public required string WebhookSecret { get; init; }
    /// <summary>Where events go; null until <see cref="StripeStandIn.SetWebhookUrlAsync"/> says so.</summary>
    public string? WebhookUrl { get; init; }
    /// <summary>0 picks a free port.</summary>
    public int Port { get; init; }
    /// <summary>The address that people's browsers use; null means the address the stand-in listens on.</summary>
    public string? PublicUrl { get; init; }
    public TimeProvider Clock { get; init; } = TimeProvider.System;
    /// <summary>Moves <see cref="Clock"/> forward; null means that this clock cannot be moved.</summary>
    public Action<TimeSpan>? AdvanceClock { get; init; }
    /// <summary>After the clock was moved: waits until whoever was told of it has acted.</summary>
    public Func<Task> AfterAdvance { get; init; } = () => Task.CompletedTask;
    public string Schema { get; init; } = "sandbox_stripe";
    /// <summary>Renewals, expiries, retries and deliveries happen by themselves; a test that wants to step may switch this off.</summary>
    public bool RunInBackground { get; init; } = true;
}
