namespace Aurion.Sandbox;

internal static class Program
{
    private static void Main() => Console.WriteLine("Aurion");
}
