using Aurion.Data.Account;
using Aurion.Web.Account.Identities;

namespace Aurion.Web.Account.Clerk;

/// <summary>A user as Clerk's Backend API and webhooks show one, as far as we read it.</summary>
public sealed record ClerkUser(
    string Id, string? FirstName, string? LastName, string? PrimaryEmailAddressId, IReadOnlyList<ClerkEmailAddress>? EmailAddresses, long? UpdatedAt)
{
    private const int LongestSubject = 255;

    /// <summary>With the primary address when Clerk has verified it, and with none else.</summary>
    public OutsideIdentity Identity => new(IdentityProviders.Clerk, Id[..Math.Min(Id.Length, LongestSubject)], VerifiedEmail,
        PersonName.Clean($"{FirstName} {LastName}") is { Length: > 0 } name ? name[..Math.Min(name.Length, PersonName.MaxLength)] : null);

    private string? VerifiedEmail =>
        EmailAddresses?.FirstOrDefault(email => email.Id == PrimaryEmailAddressId) is { Verification.Status: "verified" } primary
            ? EmailAddress.Normalize(primary.EmailAddress)
            : null;
}

public sealed record ClerkEmailAddress(string Id, string? EmailAddress, ClerkVerification? Verification);

public sealed record ClerkVerification(string? Status);
