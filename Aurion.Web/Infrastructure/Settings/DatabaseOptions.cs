using System.ComponentModel.DataAnnotations;

namespace Aurion.Web.Infrastructure.Settings;

/// <summary>The application's own sign-in to PostgreSQL: owns nothing and cannot pass row-level security.</summary>
public sealed class DatabaseOptions
{
    [Setting("ConnectionStrings__Aurion", "the application's PostgreSQL login, which owns no table",
        "choose a role name and a password; `migrate` creates the role", Example = "Host=localhost;Database=aurion;Username=aurion_web;Password=")]
    [Required(ErrorMessage = "is missing"), ConnectionString]
    public string ConnectionString { get; init; } = "";

    [Setting("ConnectionStrings__AurionDirect", "the same login without a transaction pooler (PgBouncer, Supavisor) in between, to hear of changes at once",
        "your database's host, where it gives a direct and a pooled address; leave empty when ConnectionStrings__Aurion is direct", Example = "Host=localhost;Database=aurion;Username=aurion_web;Password=")]
    [ConnectionString]
    public string DirectConnectionString { get; init; } = "";
}

/// <summary>The owner's sign-in, read by the verbs that need it and never while serving.</summary>
public sealed class OwnerOptions
{
    [Setting("ConnectionStrings__AurionOwner", "the PostgreSQL role that owns the tables, for `migrate` and `ledger verify` only",
        "your database's administrator or hosting console", Example = "Host=localhost;Database=aurion;Username=postgres;Password=")]
    [Required(ErrorMessage = "is missing"), ConnectionString]
    public string ConnectionString { get; init; } = "";
}
