namespace Aurion.Sandbox.Clerk;

/// <summary>Somebody who signed up at Clerk.</summary>
internal sealed record ClerkUser(string Id, string Email, string Password, string FirstName, string LastName, DateTimeOffset CreatedAt)
{
    public DateTimeOffset? LastSignInAt { get; init; }

    public string EmailId => "idn_" + Id[5..];

    /// <summary>As the Backend API and the webhooks show a user.</summary>
    public object Describe() => new
    {
        id = Id,
        @object = "user",
        username = (string?)null,
        first_name = FirstName,
        last_name = LastName,
        primary_email_address_id = EmailId,
        email_addresses = new[]
        {
            new { id = EmailId, @object = "email_address", email_address = Email, verification = new { status = "verified", strategy = "email_code" } },
        },
        external_accounts = Array.Empty<object>(),
        public_metadata = new { },
        private_metadata = new { },
        unsafe_metadata = new { },
        password_enabled = true,
        banned = false,
        locked = false,
        created_at = CreatedAt.ToUnixTimeMilliseconds(),
        updated_at = (LastSignInAt ?? CreatedAt).ToUnixTimeMilliseconds(),
        last_sign_in_at = LastSignInAt?.ToUnixTimeMilliseconds(),
    };
}

/// <summary>One sign-in of a user in one browser.</summary>
internal sealed record ClerkSession(string Id, string UserId, string ClientId, DateTimeOffset CreatedAt, string Status = "active")
{
    public object Describe() => new
    {
        id = Id,
        @object = "session",
        user_id = UserId,
        client_id = ClientId,
        status = Status,
        created_at = CreatedAt.ToUnixTimeMilliseconds(),
        last_active_at = CreatedAt.ToUnixTimeMilliseconds(),
        expire_at = CreatedAt.AddDays(7).ToUnixTimeMilliseconds(),
    };
}
