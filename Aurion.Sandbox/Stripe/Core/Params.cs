using System.Globalization;
using System.Text.Json.Nodes;

namespace Aurion.Sandbox.Stripe.Core;

/// <summary>Stripe's form encoding (<c>a[b][0][c]=v</c>, <c>items[][price]=v</c>) as a tree that remembers what was read, so that a misspelt parameter is refused as Stripe does.</summary>
internal sealed class Params(string path = "")
{
    private readonly List<KeyValuePair<string, Params>> children = [];
    private string? value;
    private bool used;

    public string Path => path;

    public IEnumerable<string> Keys => children.Select(c => c.Key);

    public static Params Parse(string encoded)
    {
        var root = new Params();
        foreach (var pair in encoded.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var cut = pair.IndexOf('=', StringComparison.Ordinal);
            var key = Decode(cut < 0 ? pair : pair[..cut]);
            root.Add(key.Replace("]", "", StringComparison.Ordinal).Split('['), cut < 0 ? "" : Decode(pair[(cut + 1)..]));
        }
        return root;
    }

    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));

    private void Add(string[] keys, string text)
    {
        var node = this;
        for (var i = 0; i < keys.Length; i++)
            node = node.Next(keys[i], startsElement: keys[i].Length == 0 && (i == keys.Length - 1 || !node.LastElementLacks(keys[i + 1])));
        node.value = text;
    }

    // items[][price]=a&items[][quantity]=2 is one element; a repeated member opens the next one.
    private bool LastElementLacks(string member) => children.Count > 0 && !children[^1].Value.Has(member);

    private Params Next(string key, bool startsElement)
    {
        if (key.Length == 0)
        {
            if (!startsElement && children.Count > 0)
                return children[^1].Value;
            key = children.Count.ToString(CultureInfo.InvariantCulture);
        }
        else if (Child(key) is { } known)
        {
            return known;
        }
        var child = new Params(path.Length == 0 ? key : $"{path}[{key}]");
        children.Add(KeyValuePair.Create(key, child));
        return child;
    }

    private Params? Child(string key) => children.Find(c => c.Key == key).Value;

    private string PathOf(string key) => path.Length == 0 ? key : $"{path}[{key}]";

    public bool Has(string key) => Child(key) is not null;

    /// <summary>True when the parameter was sent empty, which is how Stripe's clients clear a value.</summary>
    public bool Clears(string key) => Child(key) is { value: "" } child && (child.used = true);

    public string? Text(string key)
    {
        if (Child(key) is not { } child)
            return null;
        child.used = true;
        if (child.children.Count > 0)
            throw StripeError.BadParam($"Invalid string: {child.children[0].Key}", PathOf(key));
        return string.IsNullOrEmpty(child.value) ? null : child.value;
    }

    public string Required(string key) => Text(key) ?? throw StripeError.MissingParam(PathOf(key));

    public long? Long(string key) => Text(key) is not { } text ? null
        : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number
        : throw StripeError.BadParam($"Invalid integer: {text}", PathOf(key), "parameter_invalid_integer");

    public decimal? Decimal(string key) => Text(key) is not { } text ? null
        : decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var number) ? number
        : throw StripeError.BadParam($"Invalid decimal: {text}", PathOf(key));

    public bool? Bool(string key) => Text(key) switch
    {
        null => null,
        "true" or "True" or "1" => true,
        "false" or "False" or "0" => false,
        var other => throw StripeError.BadParam($"Invalid boolean: {other}", PathOf(key)),
    };

    /// <summary>A time as Stripe takes it: whole seconds, or the word "now" where that is allowed.</summary>
    public long? Time(string key, long now) => Text(key) == "now" ? now : Long(key);

    public string? OneOf(string key, params ReadOnlySpan<string> allowed)
    {
        var text = Text(key);
        if (text is null || allowed.Contains(text))
            return text;
        throw StripeError.BadParam($"Invalid {PathOf(key)}: must be one of {string.Join(", ", allowed!)}", PathOf(key));
    }

    public Params? Map(string key)
    {
        if (Child(key) is not { } child)
            return null;
        child.used = true;
        return child;
    }

    public Params MapOrEmpty(string key) => Map(key) ?? new Params(PathOf(key));

    public IReadOnlyList<Params> List(string key)
    {
        if (Map(key) is not { } list)
            return [];
        foreach (var (_, element) in list.children)
            element.used = true;
        return [.. list.children.Select(c => c.Value)];
    }

    public IReadOnlyList<string> Texts(string key)
    {
        if (Map(key) is not { } child)
            return [];
        foreach (var c in child.children)
            c.Value.used = true;
        return [.. child.children.Select(c => c.Value.value ?? "")];
    }

    /// <summary>Takes the parameter as it is, without a meaning here.</summary>
    public void Accept(params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
            Map(key)?.AcceptAll();
    }

    private void AcceptAll()
    {
        used = true;
        foreach (var child in children)
            child.Value.AcceptAll();
    }

    public void CopyTo(JsonObject target, params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
            if (Has(key))
                target[key] = Text(key);
    }

    /// <summary>Merges as Stripe does: an empty value removes the key, an empty map removes all.</summary>
    public JsonObject Metadata(JsonObject? existing = null)
    {
        var merged = existing?.Clone() ?? [];
        if (Clears("metadata"))
            return [];
        foreach (var (key, child) in Map("metadata")?.children ?? [])
        {
            child.used = true;
            if (string.IsNullOrEmpty(child.value))
                merged.Remove(key);
            else
                merged[key] = child.value;
        }
        return merged;
    }

    public JsonNode? ToJson()
    {
        used = true;
        if (children.Count == 0)
            return string.IsNullOrEmpty(value) ? null : JsonValue.Create(value);
        return children.TrueForAll(c => int.TryParse(c.Key, CultureInfo.InvariantCulture, out _))
            ? new JsonArray([.. children.Select(c => c.Value.ToJson())])
            : new JsonObject(children.Select(c => KeyValuePair.Create(c.Key, c.Value.ToJson())));
    }

    public void RefuseUnread()
    {
        foreach (var (_, child) in children)
        {
            if (!child.used)
                throw StripeError.BadParam($"Received unknown parameter: {child.Path}", child.Path, "parameter_unknown");
            child.RefuseUnread();
        }
    }
}
