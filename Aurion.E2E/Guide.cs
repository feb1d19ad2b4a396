namespace Aurion.E2E;

/// <summary>The statements of the deployment guide, letter by letter; only its example address becomes the tested one.</summary>
internal static class Guide
{
    public const string ExampleAddress = "votre-test@example.com";

    /// <summary>Test 1: creating an account.</summary>
    public const string NewAccount = """
        SELECT 
          p.email,
          c.total_credits,
          c.used_credits,
          pl.plan_type,
          pl.status
        FROM profiles p
        JOIN user_credits c ON p.id = c.user_id
        JOIN user_plans pl ON p.id = pl.user_id
        WHERE p.email = 'votre-test@example.com';
        """;

    /// <summary>Test 2: the balance after a launch.</summary>
    public const string Credits = """
        SELECT * FROM user_credits 
        WHERE user_id = (SELECT id FROM profiles WHERE email = 'votre-test@example.com');
        """;

    /// <summary>Test 2: the log of a launch.</summary>
    public const string LastLogs = """
        SELECT * FROM usage_logs 
        WHERE user_id = (SELECT id FROM profiles WHERE email = 'votre-test@example.com')
        ORDER BY created_at DESC LIMIT 5;
        """;

    /// <summary>Test 3: spending everything.</summary>
    public const string SpendAll = """
        UPDATE user_credits 
        SET used_credits = total_credits 
        WHERE user_id = (SELECT id FROM profiles WHERE email = 'votre-test@example.com');
        """;

    /// <summary>Test 4: ten credits left.</summary>
    public const string LeaveTen = """
        UPDATE user_credits 
        SET total_credits = 100, used_credits = 90 
        WHERE user_id = (SELECT id FROM profiles WHERE email = 'votre-test@example.com');
        """;

    /// <summary>Test 4: the plan after a payment.</summary>
    public const string PaidPlan = """
        SELECT c.total_credits, c.used_credits, pl.plan_type 
        FROM user_credits c
        JOIN user_plans pl ON c.user_id = pl.user_id
        WHERE c.user_id = (SELECT id FROM profiles WHERE email = 'votre-test@example.com');
        """;

    /// <summary>Test 4: the log of a payment.</summary>
    public const string UpgradeLog = """
        SELECT metadata FROM usage_logs 
        WHERE user_id = (SELECT id FROM profiles WHERE email = 'votre-test@example.com')
        AND action_type = 'plan_upgraded'
        ORDER BY created_at DESC LIMIT 1;
        """;

    public static string For(this string statement, string email) => statement.Replace(ExampleAddress, email, StringComparison.Ordinal);
}
