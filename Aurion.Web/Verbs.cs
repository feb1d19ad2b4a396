using System.CommandLine;
using Aurion.Web.Ai.Attachments;
using Aurion.Web.Billing.Sync;
using Aurion.Web.Credits.Ledger;
using Aurion.Web.Infrastructure.Cli;
using Aurion.Web.Infrastructure.Database;
using Aurion.Web.Infrastructure.Health;
using Aurion.Web.Infrastructure.Settings;

namespace Aurion.Web;

/// <summary>Every verb of the command line.</summary>
public static class Verbs
{
    public static CommandLine Parse(params string[] args) => CommandLine.Parse(
        "AURION. Without a command it serves; settings come from the environment.",
        [
            Verb.ForOwner<MigrateCommand>("migrate", "Brings the database up to date and creates the application's login role."),
            new Command("ledger", "The books.")
            {
                Verb.ForOwner<VerifyLedgerCommand>("verify", "Checks every identity of the books; exits with 1 at the first fault."),
            },
            new Command("billing", "The shop at Stripe.")
            {
                Verb.For<SetupCommand>("setup", "Makes products, prices and the webhook endpoint at Stripe.", SetupCommand.Products),
                Verb.For<ReconcileCommand>("reconcile", "Compares every account with Stripe; exits with 1 when one differs.", ReconcileCommand.Apply, ReconcileCommand.EndMissing),
            },
            PdfText.Command(),
            Verb.For<HealthCommand>("health", "Asks an instance whether it is ready.", HealthCommand.At),
        ],
        AllSettings.All.Select(setting => setting.Key),
        args);
}
