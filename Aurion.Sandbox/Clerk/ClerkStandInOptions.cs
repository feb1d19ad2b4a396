namespace Aurion.Sandbox.Clerk;

/// <summary>Which instance of Clerk is played, and for whom.</summary>
public sealed record ClerkStandInOptions
{
    /// <summary>The key of the Backend API.</summary>
    public required string SecretKey { get; init; }

    /// <summary>The application's origin: the only one that may be returned to, and the authorized party of the tokens.</summary>
    public required string Web { get; init; }

    /// <summary>Where user webhooks go; nowhere when null.</summary>
    public string? WebhookUrl { get; init; }

    /// <summary>What they are signed with; made when null.</summary>
    public string? WebhookSecret { get; init; }

    /// <summary>How long a webhook's receiver may take; Svix gives it 15 seconds.</summary>
    public TimeSpan WebhookPatience { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Svix's schedule; tests shorten it.</summary>
    public IReadOnlyList<TimeSpan> WebhookRetries { get; init; } =
        [TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(5), TimeSpan.FromHours(10), TimeSpan.FromHours(10)];

    /// <summary>0 takes a free one.</summary>
    public int Port { get; init; }

    public required TimeProvider Clock { get; init; }
}
