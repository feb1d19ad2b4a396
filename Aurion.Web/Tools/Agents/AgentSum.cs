using System.Globalization;
using System.Text.RegularExpressions;

namespace Aurion.Web.Tools.Agents;

/// <summary>An expression's value with twelve significant digits, so that 0.1 + 0.2 is 0.3.</summary>
internal sealed partial class AgentSum
{
    private const int LongestExpression = 2_000;

    // Each level of brackets, signs and powers takes a few frames of the stack.
    private const int Deepest = 100;

    private readonly string source;
    private readonly string[] tokens;
    private int at;
    private int depth;

    private AgentSum(string source)
    {
        this.source = source;
        tokens = [.. Tokens().Matches(source.Replace('×', '*').Replace('÷', '/').Replace('−', '-')).Select(match => match.Value)];
    }

    /// <exception cref="AgentFault">It has none.</exception>
    public static string Of(string expression)
    {
        if (expression.Length > LongestExpression)
            throw new AgentFault("an expression is too long");
        var sum = new AgentSum(expression);
        var value = sum.Sum();
        if (sum.at < sum.tokens.Length)
            throw sum.Fault($"\"{sum.tokens[sum.at]}\" is not understood");
        return double.IsFinite(value) ? Plain(value) : throw new AgentFault($"\"{expression}\" has no finite value");
    }

    /// <summary>With twelve significant digits, and without an exponent where it is not needed.</summary>
    public static string Plain(double value)
    {
        var text = value.ToString("G12", CultureInfo.InvariantCulture);
        var rounded = double.Parse(text, CultureInfo.InvariantCulture);
        return rounded == 0 ? "0"
            : Math.Abs(rounded) is >= 1e-6 and < 1e21 ? ((decimal)rounded).ToString("0.####################", CultureInfo.InvariantCulture)
            : text.Replace('E', 'e');
    }

    private double Sum()
    {
        if (++depth > Deepest)
            throw new AgentFault("an expression is too deep");
        var value = Product();
        while (true)
        {
            if (Take("+"))
                value += Product();
            else if (Take("-"))
                value -= Product();
            else
                break;
        }
        depth--;
        return value;
    }

    private double Product()
    {
        var value = Signed();
        while (true)
        {
            if (Take("*"))
                value *= Signed();
            else if (Take("/"))
                value /= Signed();
            else if (Take("%"))
                value /= 100;
            else
                return value;
        }
    }

    private double Signed()
    {
        if (++depth > Deepest)
            throw new AgentFault("an expression is too deep");
        var value = Take("-") ? -Signed() : Take("+") ? Signed() : Power();
        depth--;
        return value;
    }

    private double Power()
    {
        var value = Atom();
        return Take("^") ? Math.Pow(value, Signed()) : value;
    }

    private double Atom()
    {
        var token = at < tokens.Length ? tokens[at++] : null;
        if (token == "(")
        {
            var value = Sum();
            Expect(")");
            return value;
        }
        if (token is not null && (char.IsAsciiDigit(token[0]) || token.Length > 1 && token[0] == '.'))
            return double.Parse(token, NumberStyles.Float, CultureInfo.InvariantCulture);
        var name = token?.ToLowerInvariant();
        if (name is not ("round" or "min" or "max" or "abs" or "sqrt" or "sum" or "avg"))
            throw Fault($"\"{token ?? "the end"}\" is no number");
        Expect("(");
        List<double> values = [Sum()];
        while (Take(","))
            values.Add(Sum());
        Expect(")");
        return name switch
        {
            "round" => Round(values[0], values.Count > 1 ? values[1] : 0),
            "min" => values.Min(),
            "max" => values.Max(),
            "abs" => Math.Abs(values[0]),
            "sqrt" => Math.Sqrt(values[0]),
            "sum" => values.Sum(),
            _ => values.Average(),
        };
    }

    // Half goes away from zero; 1.005 is a little less than what it is written as.
    private static double Round(double value, double digits)
    {
        var factor = Math.Pow(10, digits);
        return Math.CopySign(Math.Floor((Math.Abs(value) + Math.Pow(2, -52)) * factor + 0.5) / factor, value);
    }

    private bool Take(string token)
    {
        if (at >= tokens.Length || tokens[at] != token)
            return false;
        at++;
        return true;
    }

    private void Expect(string token)
    {
        if (!Take(token))
            throw Fault($"\"{token}\" is missing before \"{(at < tokens.Length ? tokens[at] : "the end")}\"");
    }

    private AgentFault Fault(string what) => new($"\"{source}\": {what}");

    [GeneratedRegex(@"[0-9]+(\.[0-9]+)?(e[+-]?[0-9]+)?|\.[0-9]+|[a-z]+|[\uD800-\uDBFF][\uDC00-\uDFFF]|\S", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Tokens();
}
