using Aurion.Data.Credits;
using Aurion.Web.Infrastructure.Cli;

namespace Aurion.Web.Credits.Ledger;

/// <summary><c>ledger verify</c>: exits 0 when every identity of the books holds, else names the first bad account and row and exits 1.</summary>
public sealed class VerifyLedgerCommand(LedgerCheckStore ledger) : ICommand
{
    public async Task<int> RunAsync(CommandLine line, CancellationToken ct)
    {
        var check = await ledger.VerifyAsync(ct);
        await Console.Out.WriteLineAsync($"accounts={check.Accounts} rows={check.Rows} broken={check.Faults.Count}");
        if (check.Faults is [var first, ..])
            await Console.Error.WriteLineAsync($"account {first.UserId}, row {first.Seq}: {first.Fault}");
        return check.Faults.Count == 0 ? 0 : 1;
    }
}
