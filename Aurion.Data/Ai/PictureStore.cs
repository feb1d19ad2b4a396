using Dapper;

namespace Aurion.Data.Ai;

/// <summary>What a person wants drawn; <paramref name="Id"/> makes a second sending of the same form the same batch.</summary>
/// <param name="Pictures">The ids of its pictures, which are those of their holds.</param>
/// <param name="Seed">Of the first picture; each next one has the next seed.</param>
public sealed record PictureWish(Guid UserId, Guid Id, IReadOnlyList<Guid> Pictures, string Prompt, string Style, string Size, long Seed, string ModelId);

/// <summary>What the database decided; the names of the outcomes stand in begin_pictures.sql. <paramref name="EndsAt"/>: when a limit ends.</summary>
public sealed record PictureHold(string Outcome, int Required, int Available, int LimitedTo, DateTimeOffset? EndsAt);

/// <summary>A picture that one worker has claimed, with what was asked for. <paramref name="UnitPrice"/>: the provider's, in micro-dollars.</summary>
public sealed record ClaimedPicture(
    Guid UserId, Guid Id, string Prompt, string Style, string Size, string ModelId, long Seed, string? TaskId, int Asks, int Copies, DateTimeOffset CreatedAt,
    string? Reason, long UnitPrice);

/// <summary>A picture that an engine has drawn, with its files. <paramref name="CostMicrodollars"/>: the provider's.</summary>
public sealed record PictureDelivery(Guid UserId, Guid Id, byte[] Picture, byte[] Thumbnail, int Width, int Height, long? CostMicrodollars, string? GenerationId);

/// <summary>The names of a picture's files in the storage of objects.</summary>
public sealed record PictureKeys(string Picture, string Thumbnail)
{
    /// <summary>Names that were never used, for one attempt to deliver the picture.</summary>
    public static PictureKeys Create(Guid userId, Guid pictureId, DateTimeOffset now)
    {
        var folder = $"pictures/{userId}/{pictureId}/{Guid.CreateVersion7(now):N}";
        return new PictureKeys(folder + "/picture.jpg", folder + "/thumbnail.jpg");
    }
}

/// <summary>A file of a picture: its bytes, or the key of the object that has them.</summary>
public sealed record KeptFile(Guid PictureId, byte[]? Content, string? ObjectKey);

/// <summary>How a picture ended, in the words of finish_picture.sql.</summary>
public sealed record PictureEnd(string State, int Credits, bool IsFirst);

/// <summary>A batch as its owner sees it.</summary>
public sealed record PictureBatch(Guid Id, string Prompt, string Style, string Size, string ModelId, string ModelName, DateTimeOffset CreatedAt);

/// <summary>A picture as its owner sees it: waiting, drawing, done, refused, failed or stopped.</summary>
public sealed record Picture(
    Guid Id, Guid BatchId, int Place, long Seed, string State, string? Reason, int? Width, int? Height, int? Credits, long? LedgerSeq, int Ceiling, DateTimeOffset? ClosedAt)
{
    public bool IsOpen => ClosedAt is null;

    public bool IsDone => State == "done";
}

/// <summary>What engines draw for people: written before a provider is called, claimed by one worker at a time, ended once.</summary>
public sealed class PictureStore(Database db, TimeProvider clock)
{
    // Long after the picture was delivered or given up.
    private static readonly TimeSpan ObjectPatience = TimeSpan.FromDays(1);
    private const string BatchColumns = "b.id, b.prompt, b.style, b.size, b.model_id, coalesce(m.name, b.model_id) AS model_name, b.created_at";
    private const string PictureColumns = "p.id, p.batch_id, p.place::int, p.seed, p.state, p.reason, p.width, p.height, p.credits, p.ledger_seq, h.ceiling, p.closed_at";
    private const string PictureTables = "pictures p JOIN credit_holds h ON h.user_id = p.user_id AND h.id = p.id";

    /// <summary>Writes it down and holds the credits of all its pictures, or of none.</summary>
    public async Task<PictureHold> BeginAsync(PictureWish wish, TimeSpan lifetime, CancellationToken ct = default)
    {
        var now = clock.GetUtcNow();
        await using var connection = await db.OpenAsync(ct);
        return await connection.QuerySingleAsync<PictureHold>(new CommandDefinition("""
            SELECT outcome, required, available, coalesce(limited_to, 0) AS limited_to, ends_at
              FROM begin_pictures(@UserId, @Id, @ids, @Prompt, @Style, @Size, @Seed, @ModelId, @expires, @now)
            """, new { wish.UserId, wish.Id, ids = wish.Pictures.ToArray(), wish.Prompt, wish.Style, wish.Size, wish.Seed, wish.ModelId, expires = now + lifetime, now },
            cancellationToken: ct));
    }

    /// <summary>The pictures that are due, for as long as the lease is renewed.</summary>
    public async Task<IReadOnlyList<ClaimedPicture>> ClaimAsync(int most, TimeSpan lease, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        var rows = await connection.QueryAsync<ClaimedPicture>(new CommandDefinition("""
            UPDATE pictures p
               SET state = 'drawing', next_attempt_at = @now + @lease, asks = p.asks + CASE WHEN p.task_id IS NULL THEN 1 ELSE 0 END
              FROM (SELECT user_id, id FROM pictures WHERE closed_at IS NULL AND next_attempt_at <= @now
                     ORDER BY next_attempt_at, user_id, id LIMIT @most FOR UPDATE SKIP LOCKED) due,
                   picture_batches b, credit_holds h, model_prices v
             WHERE p.user_id = due.user_id AND p.id = due.id AND b.user_id = p.user_id AND b.id = p.batch_id
               AND h.user_id = p.user_id AND h.id = p.id AND v.model_id = h.model_id AND v.version = h.price_version
            RETURNING p.user_id, p.id, b.prompt, b.style, b.size, b.model_id, p.seed, p.task_id, p.asks::int, p.copies::int, p.created_at, p.reason, v.unit_price
            """, new { most, lease, now = clock.GetUtcNow() }, cancellationToken: ct));
        return rows.AsList();
    }

    public async Task<bool> AnyOpenAsync(CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.ExecuteScalarAsync<bool>(new CommandDefinition("SELECT EXISTS (SELECT FROM pictures WHERE closed_at IS NULL)", cancellationToken: ct));
    }

    /// <summary>Says that a worker still lives.</summary>
    public Task RenewAsync(IReadOnlyCollection<Guid> ids, TimeSpan lease, CancellationToken ct = default) => ExecuteAsync("""
        UPDATE pictures SET next_attempt_at = @now + @lease WHERE id = ANY (@ids) AND closed_at IS NULL AND next_attempt_at > @now
        """, new { ids = ids.ToArray(), lease, now = clock.GetUtcNow() }, ct);

    /// <summary>The provider has begun: it is looked at again after a while.</summary>
    public Task KeepTaskAsync(Guid userId, Guid id, string taskId, TimeSpan after, CancellationToken ct = default) => ExecuteAsync("""
        UPDATE pictures SET task_id = @taskId, reason = NULL, next_attempt_at = @due WHERE user_id = @userId AND id = @id AND closed_at IS NULL
        """, new { userId, id, taskId, due = clock.GetUtcNow() + after }, ct);

    /// <summary>It is tried again after a while, because of <paramref name="reason"/>; what had not begun waits. A wait for the provider's rate is no attempt.</summary>
    public Task RetryAsync(Guid userId, Guid id, TimeSpan after, string? reason, bool isAttempt, bool isCopy, CancellationToken ct = default) => ExecuteAsync("""
        UPDATE pictures
           SET state = CASE WHEN task_id IS NULL THEN 'waiting' ELSE state END, reason = @reason, next_attempt_at = @due,
               asks = asks - CASE WHEN @isAttempt OR task_id IS NOT NULL THEN 0 ELSE 1 END, copies = copies + CASE WHEN @isCopy THEN 1 ELSE 0 END
         WHERE user_id = @userId AND id = @id AND closed_at IS NULL
        """, new { userId, id, reason, isAttempt, isCopy, due = clock.GetUtcNow() + after }, ct);

    /// <summary>
    /// What the provider's signed message told: the task of a picture, which is looked at at once when it <paramref name="hasEnded"/>.
    /// False when there is no such open picture.
    /// </summary>
    public async Task<bool> NoteTaskAsync(Guid userId, Guid id, string taskId, bool hasEnded, CancellationToken ct = default) => await ExecuteAsync("""
        UPDATE pictures
           SET task_id = @taskId, state = 'drawing', next_attempt_at = CASE WHEN @hasEnded THEN @now ELSE next_attempt_at END
         WHERE user_id = @userId AND id = @id AND closed_at IS NULL AND (task_id IS NULL OR task_id = @taskId)
        """, new { userId, id, taskId, hasEnded, now = clock.GetUtcNow() }, ct) > 0;

    /// <summary>
    /// Keeps the files, or the <paramref name="keys"/> of the objects that have them, and charges for the picture, in one transaction and once.
    /// Objects of whoever comes second stay unused.
    /// </summary>
    public async Task<PictureEnd> DeliverAsync(PictureDelivery delivery, PictureKeys? keys = null, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var end = await connection.QuerySingleAsync<PictureEnd>(new CommandDefinition(
            "SELECT state, credits, is_first FROM finish_picture(@UserId, @Id, 'done', NULL, @Width, @Height, @CostMicrodollars, @GenerationId, @now)",
            new { delivery.UserId, delivery.Id, delivery.Width, delivery.Height, delivery.CostMicrodollars, delivery.GenerationId, now = clock.GetUtcNow() }, transaction, cancellationToken: ct));
        if (end.IsFirst)
        {
            var kept = await connection.ExecuteScalarAsync<int>(new CommandDefinition("""
                INSERT INTO picture_files (user_id, picture_id, kind, content, object_key)
                VALUES (@UserId, @Id, 'picture', @picture, @pictureKey), (@UserId, @Id, 'thumbnail', @thumbnail, @thumbnailKey);
                WITH used AS (DELETE FROM unused_objects WHERE key IN (@pictureKey, @thumbnailKey) RETURNING key) SELECT count(*) FROM used
                """, new
            {
                delivery.UserId,
                delivery.Id,
                picture = keys is null ? delivery.Picture : null,
                thumbnail = keys is null ? delivery.Thumbnail : null,
                pictureKey = keys?.Picture,
                thumbnailKey = keys?.Thumbnail,
            }, transaction, cancellationToken: ct));
            if (keys is not null && kept != 2)
                throw new InvalidOperationException($"The objects of picture {delivery.Id} were deleted before it was delivered.");
        }
        await transaction.CommitAsync(ct);
        return end;
    }

    /// <summary>Writes down that objects will be stored: until a picture is delivered with them they are unused, and deleted after a day.</summary>
    public Task ExpectObjectsAsync(PictureKeys keys, CancellationToken ct = default) => ExecuteAsync(
        "INSERT INTO unused_objects (key, due_at) VALUES (@Picture, @due), (@Thumbnail, @due)", new { keys.Picture, keys.Thumbnail, due = clock.GetUtcNow() + ObjectPatience }, ct);

    /// <summary>Keys of objects that nothing needs; each is given to one caller for as long as the lease.</summary>
    public async Task<IReadOnlyList<string>> ClaimUnusedObjectsAsync(int most, TimeSpan lease, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return (await connection.QueryAsync<string>(new CommandDefinition("""
            UPDATE unused_objects SET due_at = @now + @lease
             WHERE key IN (SELECT key FROM unused_objects WHERE due_at <= @now ORDER BY due_at LIMIT @most FOR UPDATE SKIP LOCKED)
            RETURNING key
            """, new { most, lease, now = clock.GetUtcNow() }, cancellationToken: ct))).AsList();
    }

    /// <summary>The object was deleted.</summary>
    public Task ForgetObjectAsync(string key, CancellationToken ct = default) => ExecuteAsync("DELETE FROM unused_objects WHERE key = @key", new { key }, ct);

    /// <summary>Ends a picture that is not delivered: nothing is charged.</summary>
    public async Task<PictureEnd> EndAsync(Guid userId, Guid id, string state, string reason, long? cost, string? generationId = null, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.QuerySingleAsync<PictureEnd>(new CommandDefinition(
            "SELECT state, credits, is_first FROM finish_picture(@userId, @id, @state, @reason, NULL, NULL, @cost, @generationId, @now)",
            new { userId, id, state, reason, cost, generationId, now = clock.GetUtcNow() }, cancellationToken: ct));
    }

    /// <summary>Stops those of a batch that no provider has begun; how many.</summary>
    public async Task<int> StopAsync(Guid userId, Guid batchId, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.ExecuteScalarAsync<int>(new CommandDefinition("""
            SELECT count(*)::int
              FROM (SELECT user_id, id FROM pictures WHERE user_id = @userId AND batch_id = @batchId AND state = 'waiting' ORDER BY id FOR UPDATE) w
              CROSS JOIN LATERAL finish_picture(w.user_id, w.id, 'stopped', 'stopped', NULL, NULL, NULL, NULL, @now)
            """, new { userId, batchId, now = clock.GetUtcNow() }, cancellationToken: ct));
    }

    /// <summary>Deletes a picture with its files, and a batch that is empty then. False while it is open, and when there is none such.</summary>
    public async Task<bool> DeleteAsync(Guid userId, Guid id, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.ExecuteScalarAsync<bool>(new CommandDefinition("""
            WITH gone AS (DELETE FROM pictures WHERE user_id = @userId AND id = @id AND closed_at IS NOT NULL RETURNING batch_id),
            emptied AS (
                DELETE FROM picture_batches b USING gone
                 WHERE b.user_id = @userId AND b.id = gone.batch_id
                   AND NOT EXISTS (SELECT FROM pictures p WHERE p.user_id = @userId AND p.batch_id = b.id AND p.id <> @id))
            SELECT EXISTS (TABLE gone)
            """, new { userId, id }, cancellationToken: ct));
    }

    /// <summary>The newest batches before a moment, with their pictures in order.</summary>
    public Task<IReadOnlyList<(PictureBatch Batch, IReadOnlyList<Picture> Pictures)>> ListAsync(Guid userId, DateTimeOffset? before, int most, CancellationToken ct = default) =>
        ReadBatchesAsync(userId, "(@before::timestamptz IS NULL OR b.created_at < @before)", new { before, most }, ct);

    /// <summary>One batch; null when there is none such of this person.</summary>
    public async Task<(PictureBatch Batch, IReadOnlyList<Picture> Pictures)?> FindBatchAsync(Guid userId, Guid id, CancellationToken ct = default) =>
        await ReadBatchesAsync(userId, "b.id = @id", new { id, most = 1 }, ct) is [var only] ? only : null;

    /// <summary>The batch of a picture; null when there is none such of this person.</summary>
    public async Task<(PictureBatch Batch, IReadOnlyList<Picture> Pictures)?> FindBatchOfAsync(Guid userId, Guid pictureId, CancellationToken ct = default) =>
        await ReadBatchesAsync(userId, "b.id = (SELECT batch_id FROM pictures WHERE user_id = @userId AND id = @pictureId)", new { pictureId, most = 1 }, ct) is [var only] ? only : null;

    /// <summary>The files of pictures or of their thumbnails, read in the name of their owner.</summary>
    public Task<IReadOnlyList<KeptFile>> ListFilesAsync(Guid userId, Guid[] pictures, string kind, CancellationToken ct = default) =>
        db.ListAsync<KeptFile>(userId, "SELECT picture_id, content, object_key FROM picture_files WHERE user_id = @userId AND picture_id = ANY (@pictures) AND kind = @kind", new { pictures, kind }, ct);

    private Task<IReadOnlyList<(PictureBatch, IReadOnlyList<Picture>)>> ReadBatchesAsync(Guid userId, string which, object parameters, CancellationToken ct)
    {
        var batches = $"SELECT b.* FROM picture_batches b WHERE b.user_id = @userId AND {which} ORDER BY b.created_at DESC, b.id DESC LIMIT @most";
        return db.ReadAsync<IReadOnlyList<(PictureBatch, IReadOnlyList<Picture>)>>(userId, $"""
            SELECT {BatchColumns} FROM ({batches}) b LEFT JOIN ai_models m ON m.model_id = b.model_id ORDER BY b.created_at DESC, b.id DESC;
            SELECT {PictureColumns} FROM ({batches}) b JOIN {PictureTables} ON p.user_id = @userId AND p.batch_id = b.id ORDER BY p.batch_id, p.place
            """, parameters, async results =>
        {
            var found = (await results.ReadAsync<PictureBatch>()).AsList();
            var pictures = (await results.ReadAsync<Picture>()).ToLookup(picture => picture.BatchId);
            return [.. found.Select(batch => (batch, (IReadOnlyList<Picture>)[.. pictures[batch.Id]]))];
        }, ct);
    }

    private async Task<int> ExecuteAsync(string sql, object parameters, CancellationToken ct)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.ExecuteAsync(new CommandDefinition(sql, parameters, cancellationToken: ct));
    }
}
