using System.Text.Json;
using Aurion.Data.Account;
using Aurion.Web.Infrastructure.Settings;
using Fido2NetLib;
using Fido2NetLib.Objects;

namespace Aurion.Web.Account.Passkeys;

/// <summary>Whom a new passkey is made for, as the device shows it.</summary>
public sealed record PasskeyOwner(Guid UserId, string Email, string? FullName);

/// <summary>The signature of a passkey as it came: whose it says it is, and nothing of it verified.</summary>
public sealed record PasskeySignature(Guid UserId, byte[] CredentialId, AuthenticatorAssertionRawResponse Raw);

/// <summary>What a verified signature tells besides.</summary>
public sealed record PasskeyUse(long SignCount, bool IsBackedUp);

/// <summary>
/// WebAuthn's two ceremonies: what the browser is told, and whether what the device answers holds for this site, this challenge and a
/// person who showed a finger, a face or a PIN. The counter of signatures is for the database to judge, where two sign-ins take turns.
/// </summary>
public sealed partial class PasskeyCeremonies(SiteOptions site, ILogger<PasskeyCeremonies> logger)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    // A device that has these two is every device; a third would bring native code for one curve.
    private static readonly PubKeyCredParam[] Algorithms = [PubKeyCredParam.ES256, PubKeyCredParam.RS256];

    private static readonly AuthenticatorSelection Selection = new() { ResidentKey = ResidentKeyRequirement.Required, UserVerification = UserVerificationRequirement.Required };

    private readonly Fido2Configuration configuration = new()
    {
        RPID = site.PasskeyHost,
        RPName = "Aurion",
        Origins = new HashSet<string>(StringComparer.Ordinal) { site.PasskeyOrigin },
        Timeout = (uint)Lifetime.TotalMilliseconds,
    };

    /// <summary>The only origin at which they work.</summary>
    public string Origin => site.PasskeyOrigin;

    /// <summary>For navigator.credentials.create(), as JSON; a device that has one of the known makes no second.</summary>
    public string CreationOptions(PasskeyOwner owner, byte[] challenge, IEnumerable<byte[]> known) => Creation(owner, challenge, known).ToJson();

    /// <summary>For navigator.credentials.get(), as JSON; the device shows what it has for this site.</summary>
    public string RequestOptions(byte[] challenge) => Request(challenge).ToJson();

    /// <summary>The passkey that a device has made for this challenge; null when the answer does not hold.</summary>
    public async Task<NewPasskey?> VerifyCreationAsync(string? answer, PasskeyOwner owner, byte[] challenge, CancellationToken ct)
    {
        try
        {
            var made = await new Fido2(configuration).MakeNewCredentialAsync(new()
            {
                AttestationResponse = JsonSerializer.Deserialize<AuthenticatorAttestationRawResponse>(answer ?? "")!,
                OriginalOptions = Creation(owner, challenge, []),
                // The table holds each credential once.
                IsCredentialIdUniqueToUserCallback = (_, _) => Task.FromResult(true),
            }, ct);
            return new(made.Id, made.PublicKey, made.SignCount, made.IsBackedUp);
        }
        catch (Exception fault) when (IsRefusal(fault))
        {
            return null;
        }
    }

    /// <summary>Null when the answer names no account and no passkey.</summary>
    public PasskeySignature? Read(string? answer)
    {
        try
        {
            return JsonSerializer.Deserialize<AuthenticatorAssertionRawResponse>(answer ?? "") is { RawId: { } credential, Response.UserHandle: { Length: 16 } owner } raw
                ? new(new Guid(owner, bigEndian: true), credential, raw)
                : null;
        }
        catch (Exception fault) when (IsRefusal(fault))
        {
            return null;
        }
    }

    /// <summary>Null when the signature does not hold.</summary>
    public async Task<PasskeyUse?> VerifyAsync(PasskeySignature signature, PasskeyCredential passkey, byte[] challenge, CancellationToken ct)
    {
        try
        {
            var used = await new Fido2(configuration).MakeAssertionAsync(new()
            {
                AssertionResponse = signature.Raw,
                OriginalOptions = Request(challenge),
                StoredPublicKey = passkey.PublicKey,
                StoredSignatureCounter = 0,
                IsUserHandleOwnerOfCredentialIdCallback = (claim, _) => Task.FromResult(new Guid(claim.UserHandle, bigEndian: true) == passkey.UserId),
            }, ct);
            return new(used.SignCount, used.IsBackedUp);
        }
        catch (Exception fault) when (IsRefusal(fault))
        {
            return null;
        }
    }

    private CredentialCreateOptions Creation(PasskeyOwner owner, byte[] challenge, IEnumerable<byte[]> known) => CredentialCreateOptions.Create(
        configuration, challenge, new() { Id = owner.UserId.ToByteArray(bigEndian: true), Name = owner.Email, DisplayName = owner.FullName ?? owner.Email },
        Selection, AttestationConveyancePreference.None, [.. known.Select(id => new PublicKeyCredentialDescriptor(id))], null, Algorithms);

    private AssertionOptions Request(byte[] challenge) => AssertionOptions.Create(configuration, challenge, [], UserVerificationRequirement.Required, null);

    // Nothing but what a stranger sent is read here, and the library throws whatever its parsers throw at it.
    private bool IsRefusal(Exception fault)
    {
        if (fault is OperationCanceledException)
            return false;
        LogRefused((fault as Fido2VerificationException)?.Code.ToString() ?? fault.GetType().Name);
        return true;
    }

    [LoggerMessage(LogLevel.Information, "What a device said about a passkey does not hold: {Reason}")]
    private partial void LogRefused(string reason);
}
