namespace Aurion.Web.Infrastructure.Settings;

/// <summary>Google, with which people may sign in beside the built-in accounts.</summary>
public sealed class GoogleOptions
{
    [Setting("GOOGLE_CLIENT_ID", "with GOOGLE_CLIENT_SECRET people may sign in with Google; register the return address /account/google/return there",
        "Google Cloud console, APIs and services, Credentials; optional, and left to Clerk where Clerk is used")]
    public string ClientId { get; init; } = "";

    [Setting("GOOGLE_CLIENT_SECRET", "proves to Google who asks", "beside the client id")]
    [TogetherWith(nameof(ClientId))]
    public string ClientSecret { get; init; } = "";
}

/// <summary>GitHub, with which people may sign in beside the built-in accounts.</summary>
public sealed class GitHubOptions
{
    [Setting("GITHUB_CLIENT_ID", "with GITHUB_CLIENT_SECRET people may sign in with GitHub; register the return address /account/github/return there",
        "GitHub, Settings, Developer settings, OAuth apps; optional, and left to Clerk where Clerk is used")]
    public string ClientId { get; init; } = "";

    [Setting("GITHUB_CLIENT_SECRET", "proves to GitHub who asks", "beside the client id")]
    [TogetherWith(nameof(ClientId))]
    public string ClientSecret { get; init; } = "";
}
