using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Threading.RateLimiting;
using Aurion.Web.Infrastructure;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Aurion.Web.Account.Passwords;

/// <summary>
/// ASP.NET Identity's hash (PBKDF2-HMAC-SHA512), a few at a time: one takes about a tenth of a second of one core, which
/// other requests need too. Null means that the queue is full.
/// </summary>
/// <param name="iterations">Never fewer than <see cref="Iterations"/> in a deployed product (OWASP's figure for PBKDF2-HMAC-SHA512).</param>
public sealed class PasswordHashing(int iterations = PasswordHashing.Iterations) : IDisposable
{
    public const int Iterations = 210_000;

    private static readonly object NoUser = new();

    private readonly PasswordHasher<object> hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = iterations }));
    private readonly ConcurrencyLimiter limiter = new(new()
    {
        PermitLimit = Math.Max(1, Environment.ProcessorCount / 2),
        QueueLimit = 40,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });
    private readonly string decoy = Decoy(iterations);

    public Task<string?> HashAsync(string password, CancellationToken ct) =>
        InTurnAsync<string?>(() => hasher.HashPassword(NoUser, Normalized(password)), ct);

    /// <summary>Takes as long without a hash (no such account) as with one.</summary>
    public Task<PasswordVerificationResult?> VerifyAsync(string? hash, string password, CancellationToken ct) =>
        InTurnAsync<PasswordVerificationResult?>(() => hasher.VerifyHashedPassword(NoUser, hash ?? decoy, Normalized(password)), ct);

    public void Dispose() => limiter.Dispose();

    private async Task<T?> InTurnAsync<T>(Func<T> work, CancellationToken ct)
    {
        using var lease = await limiter.AcquireAsync(1, ct);
        return lease.IsAcquired ? await Task.Run(work, ct) : default;
    }

    // NIST SP 800-63B: the same characters typed on two systems must give the same password.
    private static string Normalized(string password) => password.Normalized(NormalizationForm.FormKC);

    // A well-formed hash that no password has.
    private static string Decoy(int iterations)
    {
        Span<byte> hash = stackalloc byte[13 + 16 + 32];
        RandomNumberGenerator.Fill(hash);
        hash[0] = 1;
        BinaryPrimitives.WriteUInt32BigEndian(hash[1..], 2);
        BinaryPrimitives.WriteUInt32BigEndian(hash[5..], (uint)iterations);
        BinaryPrimitives.WriteUInt32BigEndian(hash[9..], 16);
        return Convert.ToBase64String(hash);
    }
}
