using System.Collections.Frozen;
using System.Globalization;
using System.Reflection;
using System.Text;
using Aurion.Web.Infrastructure;

namespace Aurion.Web.Account.Passwords;

public enum PasswordFault { None, TooShort, TooLong, Common, Personal }

/// <summary>
/// What a new password must be: long enough, and not among those that are tried first. Nothing asks for digits or symbols:
/// such rules produce "Password1!" (NIST SP 800-63B), which is refused here.
/// </summary>
public static class PasswordRules
{
    public const int MinLength = 8;
    public const int MaxLength = 128;

    // A common word with up to this many digits and symbols around it is still common.
    private const int MaxPadding = 6;
    private static readonly char[] Padding = [.. "0123456789!?.,;:*#$€@&%+-_=/ ()"];

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

        var plain = password.Normalized(NormalizationForm.FormKC).ToLowerInvariant();
        if (IsPersonal(plain, email, fullName))
            return PasswordFault.Personal;
        return IsCommon(plain) ? PasswordFault.Common : PasswordFault.None;
    }

    /// <summary>Why, and what to do instead; a key of AccountText.</summary>
    public static string Words(PasswordFault fault) => fault switch
    {
        PasswordFault.TooShort => "Use at least 8 characters. A few words in a row are easy to remember.",
        PasswordFault.TooLong => "Use at most 128 characters.",
        PasswordFault.Personal => "This is too close to your name or e-mail address. Choose something unrelated.",
        _ => "This password is too common. Choose a rarer one, such as three unrelated words.",
    };

    private static bool IsCommon(string plain) =>
        plain.Distinct().Count() < 4
        || (plain.Length < 12 && plain.All(char.IsDigit))
        || IsRun(plain)
        || IsRepeated(plain)
        || IsPaddedWord(plain);

    // The e-mail's parts and the name, with a few characters around them, are the first thing to try on one person.
    private static bool IsPersonal(string plain, string email, string? fullName) =>
        $"{email} {fullName}".ToLowerInvariant()
            .Split(['@', '.', ' ', '-', '_', '+', '\''], StringSplitOptions.RemoveEmptyEntries)
            .Append(email.Split('@')[0])
            .Append(email)
            .Any(part => part.Length >= 4 && plain.Contains(part, StringComparison.Ordinal) && plain.Length - part.Length < MaxPadding);

    private static bool IsRun(string plain) => Runs.Any(run =>
        run.Contains(plain, StringComparison.Ordinal) || string.Concat(run.Reverse()).Contains(plain, StringComparison.Ordinal));

    // "abcabcabc", "20202020"
    private static bool IsRepeated(string plain) => Enumerable.Range(1, Math.Min(MinLength - 1, plain.Length / 2)).Any(size =>
        plain.Length % size == 0 && string.Concat(Enumerable.Repeat(plain[..size], plain.Length / size)) == plain);

    // A word from the list with digits and symbols around it, or in place of letters.
    private static bool IsPaddedWord(string plain)
    {
        var word = plain.Trim(Padding);
        var unmasked = Unmask(plain).Trim(Padding);
        return Common.Contains(plain)
            || (plain.Length - word.Length <= MaxPadding && (Common.Contains(word) || Common.Contains(Unmask(word))))
            || (plain.Length - unmasked.Length <= MaxPadding && Common.Contains(unmasked));
    }

    private static string Unmask(string plain) => string.Create(plain.Length, plain, static (span, text) =>
    {
        for (var i = 0; i < text.Length; i++)
            span[i] = text[i] switch { '0' => 'o', '1' or '!' => 'i', '3' or '€' => 'e', '4' or '@' => 'a', '5' or '$' => 's', '7' => 't', '8' => 'b', _ => text[i] };
    });

    private static FrozenSet<string> Load()
    {
        // zxcvbn's list of passwords that leaked most often, and beside it what people in France and people of this site try first.
        return Words(typeof(PasswordRules).Assembly, "CommonPasswords.txt")
            .Concat(Words(Assembly.Load("zxcvbn-core"), "zxcvbn-core.Dictionaries.passwords.lst"))
            .ToFrozenSet(StringComparer.Ordinal);

        static string[] Words(Assembly assembly, string name)
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            return reader.ReadToEnd().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        }
    }

    internal static int CommonWords => Common.Count;
}
