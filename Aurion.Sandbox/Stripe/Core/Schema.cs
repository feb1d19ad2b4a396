using Dapper;
using Npgsql;

namespace Aurion.Sandbox.Stripe.Core;

/// <summary>The stand-in's own tables. Objects are kept as the JSON that Stripe would answer.</summary>
internal static class Schema
{
    public static NpgsqlDataSource Connect(string connectionString, string schema)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            SearchPath = schema,
            ApplicationName = "stripe stand-in",
            MaxPoolSize = 20,
            // Nothing is left on a connection to be reset, and every statement comes again and again.
            NoResetOnClose = true,
            MaxAutoPrepare = 100,
        };
        return NpgsqlDataSource.Create(settings);
    }

    public static async Task CreateAsync(NpgsqlDataSource db, string schema)
    {
        await using var connection = await db.OpenConnectionAsync();
        await connection.ExecuteAsync($"""
            SELECT pg_advisory_xact_lock(hashtext('{schema}'));
            CREATE SCHEMA IF NOT EXISTS {schema};
            CREATE TABLE IF NOT EXISTS objects (
                seq        bigint GENERATED ALWAYS AS IDENTITY,
                id         text PRIMARY KEY,
                object     text NOT NULL,
                created    bigint NOT NULL,
                customer   text,
                due_at     bigint,
                test_clock text,
                data       json NOT NULL);
            CREATE INDEX IF NOT EXISTS objects_object_created_seq_idx ON objects (object, created, seq);
            CREATE INDEX IF NOT EXISTS objects_customer_object_idx ON objects (customer, object);
            CREATE INDEX IF NOT EXISTS objects_test_clock_due_at_idx ON objects ((coalesce(test_clock, '')), due_at, seq) WHERE due_at IS NOT NULL;
            CREATE INDEX IF NOT EXISTS objects_subscription_idx ON objects ((data->'parent'->'subscription_details'->>'subscription')) WHERE object = 'invoice';
            CREATE INDEX IF NOT EXISTS objects_invoice_idx ON objects ((data->>'invoice')) WHERE object = 'invoice_payment';
            CREATE INDEX IF NOT EXISTS objects_payment_intent_idx ON objects ((data->>'payment_intent')) WHERE object IN ('charge', 'refund', 'dispute');
            CREATE INDEX IF NOT EXISTS objects_lookup_key_idx ON objects ((data->>'lookup_key')) WHERE object = 'price';
            CREATE TABLE IF NOT EXISTS idempotency (
                key        text PRIMARY KEY,
                request    text NOT NULL,
                status     int NOT NULL,
                body       text NOT NULL,
                created    bigint NOT NULL);
            CREATE TABLE IF NOT EXISTS deliveries (
                seq             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                event_id        text NOT NULL,
                endpoint_id     text NOT NULL,
                state           text NOT NULL DEFAULT 'pending',
                attempts        int NOT NULL DEFAULT 0,
                next_attempt_at bigint,
                last_status     int,
                last_error      text,
                copies          int NOT NULL DEFAULT 1,
                mis_sign        boolean NOT NULL DEFAULT false);
            CREATE INDEX IF NOT EXISTS deliveries_next_attempt_at_idx ON deliveries (next_attempt_at, seq) WHERE state = 'pending';
            CREATE INDEX IF NOT EXISTS deliveries_event_id_idx ON deliveries (event_id);
            CREATE TABLE IF NOT EXISTS delivery_attempts (
                delivery_seq bigint NOT NULL,
                attempted_at bigint NOT NULL,
                status       int,
                error        text,
                milliseconds int NOT NULL);
            CREATE INDEX IF NOT EXISTS delivery_attempts_delivery_seq_idx ON delivery_attempts (delivery_seq);
            """);
    }
}
