using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Aurion.Web.Account;

public enum PasswordFault { None, TooShort, TooLong, Common, Personal }

/// <summary>
/// What a new password must be: long enough, and not one that everybody tries first. No rule asks for digits or signs;
/// such rules make people write "Password1!", which is refused here.
/// </summary>
public static class PasswordRules
{
    public const int MinLength = 8;
    public const int MaxLength = 128;

    // As many digits and signs around a word do not make it rare.
    private const int MaxDress = 6;
    private static readonly char[] Dress = [.. "0123456789!?.,;:*#$€@&%+-_=/ ()"];

    private static readonly FrozenSet<string> Common = Load();
    private static readonly string[] Runs =
    [
        "abcdefghijklmnopqrstuvwxyz", "01234567890123456789", "qwertyuiopasdfghjklzxcvbnm", "azertyuiopqsdfghjklmwxcvbn",
        "qwertzuiopasdfghjklyxcvbnm", "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    ];

    public static PasswordFault Check(string password, string email, string? fullName)
    {
        var length = new StringInfo(password).LengthInTextElements;
        if (length < MinLength)
            return PasswordFault.TooShort;
        if (length > MaxLength || password.Length > 4 * MaxLength)
            return PasswordFault.TooLong;

        var plain = password.Normalize(NormalizationForm.FormKC).ToLowerInvariant();
        if (IsPersonal(plain, email, fullName))
            return PasswordFault.Personal;
        return IsCommon(plain) ? PasswordFault.Common : PasswordFault.None;
    }

    /// <summary>Why, and what to do instead; a key of AccountText.</summary>
    public static string Words(PasswordFault fault) => fault switch
    {
        PasswordFault.TooShort => "Use at least 8 characters. A few words in a row are easy to remember.",
        PasswordFault.TooLong => "Use at most 128 characters.",
        PasswordFault.Personal => "This can be guessed from your name or your e-mail. Choose something that has nothing to do with them.",
        _ => "This is one of the passwords that are tried first. Choose something rarer, such as three words that do not belong together.",
    };

    private static bool IsCommon(string plain) =>
        plain.Distinct().Count() < 4
        || (plain.Length < 12 && plain.All(char.IsDigit))
        || IsRun(plain)
        || IsRepeated(plain)
        || IsDressed(plain);

    // The e-mail's parts and the name, with a few characters around them, are the first thing to try on one person.
    private static bool IsPersonal(string plain, string email, string? fullName) =>
        $"{email} {fullName}".ToLowerInvariant()
            .Split(['@', '.', ' ', '-', '_', '+', '\''], StringSplitOptions.RemoveEmptyEntries)
            .Append(email.Split('@')[0])
            .Append(email)
            .Any(part => part.Length >= 4 && plain.Contains(part, StringComparison.Ordinal) && plain.Length - part.Length < MaxDress);

    private static bool IsRun(string plain) => Runs.Any(run =>
        run.Contains(plain, StringComparison.Ordinal) || string.Concat(run.Reverse()).Contains(plain, StringComparison.Ordinal));

    // "abcabcabc", "20202020"
    private static bool IsRepeated(string plain) => Enumerable.Range(1, Math.Min(MinLength - 1, plain.Length / 2)).Any(size =>
        plain.Length % size == 0 && string.Concat(Enumerable.Repeat(plain[..size], plain.Length / size)) == plain);

    // A word from the list, with a few of the digits and signs around it or in place of its letters that people use.
    private static bool IsDressed(string plain)
    {
        var word = plain.Trim(Dress);
        var unmasked = Unmask(plain).Trim(Dress);
        return Common.Contains(plain)
            || (plain.Length - word.Length <= MaxDress && (Common.Contains(word) || Common.Contains(Unmask(word))))
            || (plain.Length - unmasked.Length <= MaxDress && Common.Contains(unmasked));
    }

    private static string Unmask(string plain) => string.Create(plain.Length, plain, static (span, text) =>
    {
        for (var i = 0; i < text.Length; i++)
            span[i] = text[i] switch { '0' => 'o', '1' or '!' => 'i', '3' or '€' => 'e', '4' or '@' => 'a', '5' or '$' => 's', '7' => 't', '8' => 'b', _ => text[i] };
    });

    private static FrozenSet<string> Load()
    {
        using var stream = typeof(PasswordRules).Assembly.GetManifestResourceStream("CommonPasswords.txt")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);
    }
}
