using System.Text.Json.Nodes;
using Dapper;

namespace Aurion.Sandbox.Stripe.Core;

/// <summary>Newest first, by cursor: <c>limit</c>, <c>starting_after</c>, <c>ending_before</c>, <c>created</c>.</summary>
internal static class Paging
{
    private static readonly (string Word, string Operator)[] Ranges = [("gt", ">"), ("gte", ">="), ("lt", "<"), ("lte", "<=")];

    public static async Task<JsonObject> PageAsync(Call call, string url, string kind, IEnumerable<(string Param, string Sql)> filters, string? also = null)
    {
        var p = call.Params;
        var args = new DynamicParameters();
        var where = new List<string> { "object = @kind", "data->>'deleted' IS NULL" };
        args.Add("kind", kind);
        if (also is not null)
            where.Add(also);
        args.Add("id", call.Id);
        foreach (var (param, sql) in filters)
            Filter(p, param, sql, where, args);
        Created(p, where, args);

        var limit = Limit(p);
        var backwards = await CursorAsync(call.Tx, p, kind, where, args);
        args.Add("take", (int)limit + 1);

        var direction = backwards ? "ASC" : "DESC";
        var found = await call.Tx.SelectAsync($"""
            SELECT data::text FROM objects WHERE {string.Join(" AND ", where)}
             ORDER BY created {direction}, seq {direction} LIMIT @take
            """, args);
        var page = found.Take((int)limit);
        return Json.List(url, backwards ? page.Reverse() : page, found.Count > limit);
    }

    /// <summary>A page of elements that an object holds itself, in their own order.</summary>
    public static JsonObject Slice(Call call, string url, IEnumerable<JsonObject> elements)
    {
        var limit = Limit(call.Params);
        var rest = elements.ToList();
        if (call.Params.Text("starting_after") is { } cursor)
        {
            var at = rest.FindIndex(element => element.Id() == cursor);
            rest = at < 0 ? throw StripeError.NoSuch("line_item", cursor, "starting_after") : rest[(at + 1)..];
        }
        return Json.List(url, rest.Take((int)limit).Select(Json.Clone), rest.Count > limit);
    }

    private static long Limit(Params p)
    {
        var limit = p.Long("limit") ?? 10;
        return limit is >= 1 and <= 100 ? limit
            : throw StripeError.Invalid($"This value must be {(limit < 1 ? "greater than or equal to 1" : "less than or equal to 100")}.", "limit", "parameter_invalid_integer");
    }

    private static void Filter(Params p, string param, string sql, List<string> where, DynamicParameters args)
    {
        var name = "f_" + param.Replace('.', '_');
        var source = p;
        var parts = param.Split('.');
        foreach (var part in parts[..^1])
            source = source.MapOrEmpty(part);
        if (!source.Has(parts[^1]))
            return;
        var values = source.Map(parts[^1])!.Keys.Any() ? source.Texts(parts[^1]) : [source.Text(parts[^1]) ?? ""];
        where.Add($"{sql} = ANY(@{name})");
        args.Add(name, values.ToArray());
    }

    private static void Created(Params p, List<string> where, DynamicParameters args)
    {
        if (p.Map("created") is not { } created)
            return;
        if (!created.Keys.Any())
        {
            where.Add("created = @created");
            args.Add("created", p.Long("created"));
        }
        foreach (var (word, op) in Ranges)
            if (created.Long(word) is { } time)
            {
                where.Add($"created {op} @created_{word}");
                args.Add("created_" + word, time);
            }
    }

    private static async Task<bool> CursorAsync(StripeTransaction tx, Params p, string kind, List<string> where, DynamicParameters args)
    {
        var (after, before) = (p.Text("starting_after"), p.Text("ending_before"));
        if (after is not null && before is not null)
            throw StripeError.Invalid("You can only specify one of starting_after or ending_before.", "starting_after");
        if ((after ?? before) is not { } cursor)
            return false;
        _ = await tx.GetAsync(kind, cursor, after is null ? "ending_before" : "starting_after");
        where.Add($"(created, seq) {(after is null ? ">" : "<")} (SELECT c.created, c.seq FROM objects c WHERE c.id = @cursor)");
        args.Add("cursor", cursor);
        return after is null;
    }
}
