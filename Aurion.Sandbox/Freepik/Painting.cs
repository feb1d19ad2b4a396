using System.Security.Cryptography;
using System.Text;

namespace Aurion.Sandbox.Freepik;

/// <summary>Paints a landscape whose light, colours and hills come from the prompt: the same prompt and seed, the same picture.</summary>
internal static class Painting
{
    private const int Hills = 4;

    public static byte[] Draw(string prompt, long seed, int width, int height)
    {
        var die = SHA256.HashData(Encoding.UTF8.GetBytes($"{prompt.Trim().ToLowerInvariant()}|{seed}"));
        var night = prompt.Contains("night", StringComparison.OrdinalIgnoreCase) || prompt.Contains("nuit", StringComparison.OrdinalIgnoreCase);
        var hue = Hue(prompt) ?? die[0] * 360 / 256;
        var (sunX, sunY, sunSize) = (width * (0.2 + die[1] / 425.0), height * (0.15 + die[2] / 850.0), Math.Min(width, height) * (0.05 + die[3] / 2560.0));
        var pixels = new byte[width * height * 3];
        var ridges = Enumerable.Range(0, Hills).Select(n => Ridge(die, n, width, height)).ToArray();
        for (var y = 0; y < height; y++)
        {
            var sky = Colour(hue + 30.0 * y / height, night ? 0.35 : 0.55, (night ? 0.08 : 0.6) + (night ? 0.15 : 0.32) * y / height);
            for (var x = 0; x < width; x++)
            {
                var colour = (x - sunX) * (x - sunX) + (y - sunY) * (y - sunY) < sunSize * sunSize ? night ? (235, 235, 225) : (255, 226, 140) : sky;
                for (var n = 0; n < Hills; n++)
                {
                    if (y > ridges[n][x])
                        colour = Colour(hue + 140 + 12 * n, 0.35, (night ? 0.16 : 0.5) - 0.09 * n * (night ? 0.4 : 1));
                }
                var at = (y * width + x) * 3;
                (pixels[at], pixels[at + 1], pixels[at + 2]) = ((byte)colour.Item1, (byte)colour.Item2, (byte)colour.Item3);
            }
        }
        return Png.Encode(pixels, width, height);
    }

    private static double[] Ridge(byte[] die, int n, int width, int height)
    {
        var (waves, phase, tall) = (1 + die[4 + n] % 4, die[8 + n] / 40.0, 0.05 + die[12 + n] / 2560.0);
        return [.. Enumerable.Range(0, width).Select(x =>
            height * (0.5 + 0.12 * n - tall * Math.Sin(phase + waves * Math.Tau * x / width) - tall / 3 * Math.Sin(2.7 * phase + 3.1 * waves * Math.Tau * x / width)))];
    }

    private static int? Hue(string prompt) => new (string Word, int Hue)[]
        {
            ("red", 5), ("rouge", 5), ("orange", 28), ("gold", 45), ("or ", 45), ("yellow", 52), ("jaune", 52), ("green", 125), ("vert", 125), ("blue", 215), ("bleu", 215), ("purple", 275), ("violet", 275), ("pink", 330), ("rose", 330),
        }
        .Where(colour => prompt.Contains(colour.Word, StringComparison.OrdinalIgnoreCase)).Select(colour => (int?)colour.Hue).FirstOrDefault();

    private static (int, int, int) Colour(double hue, double saturation, double lightness)
    {
        int Channel(double n)
        {
            var k = (n + hue / 30) % 12;
            return (int)(255 * (lightness - saturation * Math.Min(lightness, 1 - lightness) * Math.Max(-1, Math.Min(Math.Min(k - 3, 9 - k), 1))));
        }
        return (Channel(0), Channel(8), Channel(4));
    }
}
