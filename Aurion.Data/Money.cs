using System.Globalization;

namespace Aurion.Data;

/// <summary>US dollars in integer cents.</summary>
public readonly record struct Money(int Cents)
{
    public override string ToString() => (Cents / 100m).ToString("$0.00", CultureInfo.InvariantCulture);
}
