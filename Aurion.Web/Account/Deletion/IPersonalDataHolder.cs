namespace Aurion.Web.Account.Deletion;

/// <summary>Somebody outside who holds personal data of our accounts: the payment partner, an identity provider.</summary>
public interface IPersonalDataHolder
{
    /// <summary>Erases what is held about the user there. Called again until it returns, so whatever is gone already is passed over.</summary>
    Task EraseAsync(Guid userId, CancellationToken ct);
}
