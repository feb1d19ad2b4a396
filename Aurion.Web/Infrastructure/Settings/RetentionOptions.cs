using System.ComponentModel.DataAnnotations;

namespace Aurion.Web.Infrastructure.Settings;

/// <summary>How many days is kept what is not needed for ever. The ledger, invoices and what was paid are not among it.</summary>
public sealed class RetentionOptions
{
    private const string Between = "must be between 30 and 3650 days";

    [Setting("STRIPE_EVENT_DAYS", "how many days the content of an applied event is kept; it names customers. Which event came and what became of it stays", "90 when empty")]
    [Range(30, 3650, ErrorMessage = Between)]
    public int EventDays { get; init; } = 90;

    [Setting("MAIL_DAYS", "how many days the content of a sent mail is kept. Which mail went and when stays", "90 when empty")]
    [Range(30, 3650, ErrorMessage = Between)]
    public int MailDays { get; init; } = 90;

    [Setting("TOOL_SESSION_DAYS", "how many days a tool session is kept after it has ended; what it cost stays in the ledger", "365 when empty")]
    [Range(30, 3650, ErrorMessage = Between)]
    public int ToolSessionDays { get; init; } = 365;

    [Setting("PAYMENT_PAGE_DAYS", "how many days a payment page is kept on which nothing was paid", "90 when empty")]
    [Range(30, 3650, ErrorMessage = Between)]
    public int PaymentPageDays { get; init; } = 90;

    [Setting("SESSION_DAYS", "how many days a sign-in with its browser is kept after it has ended", "30 when empty")]
    [Range(1, 3650, ErrorMessage = "must be between 1 and 3650 days")]
    public int SessionDays { get; init; } = 30;

    [Setting("IDENTITY_EVENT_DAYS", "how many days is kept which message about a user came from Clerk; within them an old message undoes no newer one", "90 when empty")]
    [Range(30, 3650, ErrorMessage = Between)]
    public int IdentityEventDays { get; init; } = 90;

    [Setting("SIGNUP_NETWORK_DAYS", "how many days is kept how many accounts a network made, under a digest of its address", "2 when empty")]
    [Range(2, 3650, ErrorMessage = "must be between 2 and 3650 days")]
    public int SignupNetworkDays { get; init; } = 2;
}
