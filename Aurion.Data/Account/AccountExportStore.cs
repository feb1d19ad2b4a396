using Dapper;

namespace Aurion.Data.Account;

/// <summary>One row of what is kept about a person, as a JSON object.</summary>
public sealed record ExportedRow(string Section, string Json);

/// <summary>Everything that is kept about one person: read as that person, in one statement and so of one moment.</summary>
public sealed class AccountExportStore(Database db)
{
    public const string Movements = "movements";

    // All columns, but of what only serves to sign in: no password hash, and not its digest.
    private static readonly (string Name, string Rows)[] Contents =
    [
        ("profile", "SELECT * FROM profiles WHERE id = @userId"),
        ("sign_in", "SELECT email, created_at, verified_at, password_changed_at, disabled_at FROM account_credentials WHERE user_id = @userId"),
        ("second_step", "SELECT user_id, enabled_at FROM account_second_factors WHERE user_id = @userId"),
        ("recovery_codes", "SELECT user_id, used_at FROM account_recovery_codes WHERE user_id = @userId ORDER BY used_at"),
        ("passkeys", "SELECT user_id, id, name, backed_up, created_at, last_used_at FROM account_passkeys WHERE user_id = @userId ORDER BY created_at"),
        ("deletion", "SELECT * FROM account_deletions WHERE user_id = @userId"),
        ("identities", "SELECT * FROM account_identities WHERE user_id = @userId ORDER BY created_at"),
        ("sessions", "SELECT * FROM account_sessions WHERE user_id = @userId ORDER BY created_at"),
        ("plan", "SELECT * FROM user_plans WHERE user_id = @userId"),
        ("credits", "SELECT * FROM user_credits WHERE user_id = @userId"),
        (Movements, "SELECT * FROM usage_logs WHERE user_id = @userId ORDER BY seq"),
        ("credit_grants", "SELECT * FROM credit_grants WHERE user_id = @userId ORDER BY effective_at"),
        ("runs", "SELECT * FROM credit_holds WHERE user_id = @userId ORDER BY created_at"),
        ("conversations", "SELECT * FROM conversations WHERE user_id = @userId ORDER BY created_at"),
        ("messages", "SELECT * FROM messages WHERE user_id = @userId ORDER BY created_at"),
        ("answers_being_written", "SELECT * FROM message_parts WHERE user_id = @userId ORDER BY message_id, starts_at"),
        ("attachments", "SELECT * FROM attachments WHERE user_id = @userId ORDER BY created_at"),
        ("attachment_files", "SELECT user_id, attachment_id, octet_length(content) AS bytes FROM attachment_files WHERE user_id = @userId ORDER BY attachment_id"),
        ("saved_prompts", "SELECT * FROM saved_prompts WHERE user_id = @userId ORDER BY created_at"),
        ("picture_batches", "SELECT * FROM picture_batches WHERE user_id = @userId ORDER BY created_at"),
        ("pictures", "SELECT * FROM pictures WHERE user_id = @userId ORDER BY created_at, place"),
        // Their bytes are files beside it.
        ("picture_files", "SELECT user_id, picture_id, kind, octet_length(content) AS bytes FROM picture_files WHERE user_id = @userId ORDER BY picture_id, kind"),
        ("works", "SELECT * FROM works WHERE user_id = @userId ORDER BY created_at"),
        ("work_versions", "SELECT * FROM work_versions WHERE user_id = @userId ORDER BY work_id, version"),
        ("agent_runs", "SELECT * FROM agent_runs WHERE user_id = @userId ORDER BY created_at"),
        ("tool_calls", "SELECT * FROM tool_runs WHERE user_id = @userId ORDER BY created_at"),
        ("plan_grants", "SELECT * FROM plan_grants WHERE user_id = @userId ORDER BY granted_at"),
        ("tool_sessions", "SELECT * FROM tool_sessions WHERE user_id = @userId ORDER BY created_at"),
        ("tool_favourites", "SELECT * FROM tool_favourites WHERE user_id = @userId ORDER BY created_at"),
        ("stripe_customer", "SELECT * FROM stripe_customers WHERE user_id = @userId"),
        ("purchases", "SELECT * FROM purchases WHERE user_id = @userId ORDER BY created_at"),
        ("subscriptions", "SELECT * FROM user_subscriptions WHERE user_id = @userId ORDER BY created_at"),
        ("plan_changes", "SELECT * FROM plan_change_intents WHERE user_id = @userId ORDER BY effective_at"),
        ("duplicate_subscriptions", "SELECT * FROM duplicate_subscriptions WHERE user_id = @userId ORDER BY found_at"),
        ("invoices", "SELECT * FROM stripe_invoices WHERE user_id = @userId ORDER BY created_at"),
        ("top_ups", "SELECT * FROM top_up_settings WHERE user_id = @userId"),
        ("notifications", "SELECT * FROM notification_settings WHERE user_id = @userId"),
        ("balance_notices", "SELECT * FROM balance_notices WHERE user_id = @userId"),
        ("exports", "SELECT * FROM account_exports WHERE user_id = @userId"),
        ("export_files", "SELECT user_id, part, octet_length(content) AS bytes FROM account_export_parts WHERE user_id = @userId ORDER BY part"),
        ("mails", "SELECT kind, facts - 'password' AS facts, state, created_at, finished_at FROM mails WHERE user_id = @userId ORDER BY created_at"),
    ];

    internal static readonly string Sql =
        "SELECT section, json FROM (\n"
        + string.Join("\nUNION ALL\n", Contents.Select((content, place) =>
            $"SELECT {place} AS place, row_number() OVER () AS number, '{content.Name}' AS section, row_to_json(t)::text AS json FROM ({content.Rows}) t"))
        + "\n) rows ORDER BY place, number";

    /// <summary>Their names, in the order in which their rows come.</summary>
    public static IEnumerable<string> Sections => Contents.Select(content => content.Name);

    /// <summary>The rows are read from the database while <paramref name="read"/> takes them.</summary>
    public Task<T> ReadAsync<T>(Guid userId, Func<IAsyncEnumerable<ExportedRow>, Task<T>> read, CancellationToken ct = default) =>
        db.ReadAsync(userId, Sql, null, grid => read(grid.ReadUnbufferedAsync<ExportedRow>()), ct);

    /// <summary>The person's pictures, made and attached: the bytes, or the key of the object that has them. They are read while <paramref name="read"/> takes them.</summary>
    public Task<T> ReadPicturesAsync<T>(Guid userId, Func<IAsyncEnumerable<(string Folder, Guid Id, byte[]? Content, string? ObjectKey)>, Task<T>> read, CancellationToken ct = default) =>
        db.ReadAsync(userId, """
            SELECT 'pictures', picture_id, content, object_key FROM picture_files WHERE user_id = @userId AND kind = 'picture'
             UNION ALL
            SELECT 'attachments', attachment_id, content, NULL FROM attachment_files WHERE user_id = @userId
            """, null, grid => read(grid.ReadUnbufferedAsync<(string, Guid, byte[]?, string?)>()), ct);
}
