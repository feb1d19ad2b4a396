using System.Text.RegularExpressions;

namespace Aurion.Sandbox.Freepik;

/// <summary>
/// What a prompt asks to go wrong, by a word that starts with <c>fail:</c>. Refusals: <c>401 402 429 500 503</c>, <c>once</c> is a 503
/// for the first call of a prompt and <c>limited</c> a 429 for it, <c>silence</c> never answers, <c>unbegun</c> answers without an id. Tasks: <c>task</c> ends
/// as FAILED, <c>hang</c> never ends, <c>nsfw</c> is flagged, <c>blank</c> is COMPLETED without a picture, <c>dead</c> has an address
/// that has died, <c>garbage</c> one with no picture behind it, <c>huge</c> one of a hundred megapixels, <c>forgotten</c> is not found, <c>away</c>
/// is a 503 each time it is read. Webhooks: <c>late</c> comes after a minute, <c>twice</c>, <c>never</c>,
/// <c>forged</c> is signed with somebody else's secret and tells of a picture elsewhere.
/// </summary>
internal static partial class Trouble
{
    public static string In(string prompt) => Word().Match(prompt).Groups["word"].Value;

    [GeneratedRegex(@"\bfail:(?<word>[a-z0-9]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Word();
}
