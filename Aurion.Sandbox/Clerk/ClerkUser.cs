namespace Aurion.Sandbox.Clerk;

/// <summary>An address of somebody; who has not proved to own it is unverified.</summary>
internal sealed record ClerkEmail(string Id, string Address, bool Verified, string Strategy = "email_code")
{
    public object Describe() => new
    {
        id = Id,
        @object = "email_address",
        email_address = Address,
        reserved = false,
        verification = Verified
            ? new { @object = "verification_email_code", status = "verified", strategy = Strategy, attempts = (int?)1, expire_at = (long?)null }
            : new { @object = "verification_email_code", status = "unverified", strategy = Strategy, attempts = (int?)null, expire_at = (long?)null },
        linked_to = Array.Empty<object>(),
        matches_sso_connection = false,
    };
}

/// <summary>Somebody who signed up at Clerk.</summary>
internal sealed record ClerkUser(string Id, string Password, string? FirstName, string? LastName, DateTimeOffset CreatedAt)
{
    public IReadOnlyList<ClerkEmail> Emails { get; init; } = [];

    public string? PrimaryEmailId { get; init; }

    public DateTimeOffset UpdatedAt { get; init; } = CreatedAt;

    public DateTimeOffset? LastSignInAt { get; init; }

    public ClerkEmail? PrimaryEmail => Emails.FirstOrDefault(email => email.Id == PrimaryEmailId);

    /// <summary>As the Backend API and the webhooks show a user.</summary>
    public object Describe() => new
    {
        id = Id,
        @object = "user",
        username = (string?)null,
        first_name = FirstName,
        last_name = LastName,
        image_url = "",
        has_image = false,
        primary_email_address_id = PrimaryEmailId,
        primary_phone_number_id = (string?)null,
        primary_web3_wallet_id = (string?)null,
        password_enabled = Password.Length > 0,
        two_factor_enabled = false,
        totp_enabled = false,
        backup_code_enabled = false,
        email_addresses = Emails.Select(email => email.Describe()).ToArray(),
        phone_numbers = Array.Empty<object>(),
        web3_wallets = Array.Empty<object>(),
        passkeys = Array.Empty<object>(),
        external_accounts = Array.Empty<object>(),
        enterprise_accounts = Array.Empty<object>(),
        public_metadata = new { },
        private_metadata = new { },
        unsafe_metadata = new { },
        external_id = (string?)null,
        banned = false,
        locked = false,
        lockout_expires_in_seconds = (int?)null,
        verification_attempts_remaining = 100,
        delete_self_enabled = true,
        create_organization_enabled = true,
        created_at = CreatedAt.ToUnixTimeMilliseconds(),
        updated_at = UpdatedAt.ToUnixTimeMilliseconds(),
        last_sign_in_at = LastSignInAt?.ToUnixTimeMilliseconds(),
        last_active_at = LastSignInAt?.ToUnixTimeMilliseconds(),
        legal_accepted_at = (long?)null,
    };
}

/// <summary>One sign-in of a user in one browser. A pending one still owes Clerk something, a second factor or a choice.</summary>
internal sealed record ClerkSession(string Id, string UserId, string ClientId, DateTimeOffset CreatedAt, string Status = "active")
{
    public bool IsLive => Status is "active" or "pending";

    public object Describe() => new
    {
        id = Id,
        @object = "session",
        user_id = UserId,
        client_id = ClientId,
        actor = (object?)null,
        status = Status,
        last_active_organization_id = (string?)null,
        created_at = CreatedAt.ToUnixTimeMilliseconds(),
        updated_at = CreatedAt.ToUnixTimeMilliseconds(),
        last_active_at = CreatedAt.ToUnixTimeMilliseconds(),
        expire_at = CreatedAt.AddDays(7).ToUnixTimeMilliseconds(),
        abandon_at = CreatedAt.AddDays(30).ToUnixTimeMilliseconds(),
    };
}
