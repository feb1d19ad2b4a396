using Microsoft.Extensions.Localization;

namespace Aurion.Web.Credits;

/// <summary>What a person reads when their own cap refuses a spend.</summary>
public sealed class CapWords(IStringLocalizer<CreditsText> text, IStringLocalizer<SharedText> shared)
{
    public const string Settings = "/account/preferences#limits";

    public string Refusal(ReachedCap cap) => cap.IsDaily
        ? text["This costs {0}, and the daily limit that you set yourself has {1} left. It begins anew on {2}.", shared.Credits(cap.Required), cap.Left.Grouped(), cap.EndsAt.Moment()]
        : text["This costs {0}, and the monthly limit that you set yourself has {1} left. It begins anew on {2}.", shared.Credits(cap.Required), cap.Left.Grouped(), cap.EndsAt.Moment()];
}
