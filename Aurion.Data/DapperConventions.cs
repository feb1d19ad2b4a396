using System.Data;
using Dapper;

namespace Aurion.Data;

/// <summary>Times cross the border as <see cref="DateTimeOffset"/> with offset 0, snake_case columns meet PascalCase members.</summary>
internal static class DapperConventions
{
    public static void Apply()
    {
        DefaultTypeMap.MatchNamesWithUnderscores = true;
        SqlMapper.AddTypeHandler(new UtcHandler());
    }

    private sealed class UtcHandler : SqlMapper.TypeHandler<DateTimeOffset>
    {
        public override DateTimeOffset Parse(object value) => value switch
        {
            DateTime utc => new DateTimeOffset(utc, TimeSpan.Zero),
            DateTimeOffset offset => offset.ToUniversalTime(),
            _ => throw new InvalidCastException($"{value.GetType()} is not a time."),
        };

        public override void SetValue(IDbDataParameter parameter, DateTimeOffset value) => parameter.Value = value.UtcDateTime;
    }
}
