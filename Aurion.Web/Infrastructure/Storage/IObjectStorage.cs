namespace Aurion.Web.Infrastructure.Storage;

/// <summary>Objects by key, outside the database. Every method throws <see cref="StorageAwayException"/> when the storage does not do it.</summary>
public interface IObjectStorage
{
    Task PutAsync(string key, byte[] content, string contentType, CancellationToken ct);

    /// <summary>The object; null when there is none such.</summary>
    Task<byte[]?> FindAsync(string key, CancellationToken ct);

    /// <summary>Also right when there is none such.</summary>
    Task DeleteAsync(string key, CancellationToken ct);
}
