namespace Aurion.Web.Ai;

/// <summary>What a machine's work is marked with, as the European AI Act's article 50 asks (https://cv.iptc.org/newscodes/digitalsourcetype).</summary>
public static class MachineMark
{
    public const string DigitalSourceType = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia";
}
