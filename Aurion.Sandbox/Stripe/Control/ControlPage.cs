using System.Text.Json.Nodes;
using Aurion.Sandbox.Stripe.Billing;
using Aurion.Sandbox.Stripe.Core;
using Aurion.Sandbox.Stripe.Pages;

namespace Aurion.Sandbox.Stripe.Control;

internal static class ControlPage
{
    private static readonly (string Label, string Field, int Value)[] Steps =
        [("1 hour", "hours", 1), ("1 day", "days", 1), ("3 days", "days", 3), ("1 week", "days", 7), ("1 month", "days", 31), ("1 year", "days", 366)];

    public static IResult Show(Faults faults, bool canAdvance, long now, int pending, IReadOnlyList<JsonObject> charges, IReadOnlyList<ComingRenewal> renewals, string afterLastTry) => Layout.Page("Stripe sandbox controls", Html.Of($"""
        <h1>Controls</h1>
        <p>It is <strong>{HomePage.Time(now)}</strong> for the whole sandbox. {pending} deliveries are waiting. <a href="/">Back to the lists</a></p>
        <section class="card"><h2>Advance time</h2>
        {(canAdvance ? Html.Of($"""<p class="soft">Renewals, retries and expiries on the way happen at their own time.</p><form method="post" action="/control/advance" class="row">{Steps.Select(s => Html.Of($"""<button class="plain fit" name="{s.Field}" value="{s.Value}">{s.Label}</button>"""))}</form>{Renewals(renewals)}<p class="soft">AURION signs people out after 30 days, as it does in life: after a longer step, sign in again with the same password.</p>""") : Html.Of($"<p>This clock cannot be moved.</p>"))}
        </section>
        <section class="card"><h2>Faults</h2>
        <form method="post" action="/control/faults">
        <fieldset><legend>The API</legend>{Check("unavailable", "Answer 503", faults.Unavailable)}{Check("refusing", "Close connections without an answer", faults.Refusing)}</fieldset>
        <fieldset><legend>Webhooks</legend>
        <div class="row">{Field("lose", "Lose (%)", faults.LosePercent)}{Field("duplicate", "Send twice (%)", faults.DuplicatePercent)}{Field("mis_sign", "Sign wrongly (%)", faults.MisSignPercent)}{Field("delay", "Delay (seconds)", faults.DelaySeconds)}</div>
        {Check("reorder", "In random order", faults.Reorder)}{Check("hold", "Hold all back", faults.Hold)}</fieldset>
        <button>Set faults</button></form>
        <form method="post" action="/control/deliver"><button class="plain">Try all waiting deliveries now</button></form>
        </section>
        <section class="card"><h2>Let single calls fail</h2>
        <form method="post" action="/control/fail-call" class="row"><div><label for="call">Method and path</label><input id="call" name="call" placeholder="POST /v1/subscriptions/*" required></div>
        <div><label for="kind">Fails how</label><select id="kind" name="kind">{CallFaultNames.All.Select(k => Html.Of($"""<option value="{k.Name}">{k.Label}</option>"""))}</select></div>
        {Count("nth", "From the n-th call")}{Count("times", "How many calls")}<button class="plain fit">Add</button></form>
        {Planned(faults.Planned)}</section>
        <section class="card"><h2>When a renewal's last retry has failed</h2>
        <form method="post" action="/control/account" class="row"><div><label for="after_last_try">The subscription</label><select id="after_last_try" name="after_last_try">{AccountSettings.Choices.Select(c => Html.Of($"""<option value="{c.Key}"{(c.Key == afterLastTry ? new Html(" selected") : Html.None)}>{c.Value}</option>"""))}</select></div><button class="plain fit">Set</button></form></section>
        <section class="card"><h2>Send an event again</h2>
        <form method="post" action="/control/resend" class="row"><div><label for="event">Event</label><input id="event" name="event" placeholder="evt_…" required></div><button class="plain fit">Send again</button></form></section>
        <section class="card"><h2>Payments</h2>{Charges(charges)}</section>
        """), wide: true);

    // Two hours after its period ends, a renewal has been billed and, if the card allows it, paid.
    private static Html Renewals(IReadOnlyList<ComingRenewal> renewals) => renewals.Count == 0 ? Html.None : Html.Of($"""
        <div class="scroll" tabindex="0"><table><thead><tr><th scope="col">Newest subscriptions</th><th scope="col">Renew or end</th><th scope="col">Advance</th></tr></thead><tbody>{renewals.Select(r => Html.Of($"""
        <tr><td>{r.Email}</td><td>{HomePage.Time(r.At)}</td><td><form method="post" action="/control/advance"><input type="hidden" name="to" value="{r.At + 7200}"><button class="plain small" aria-label="To the next renewal of {r.Email}">To the next renewal</button></form></td></tr>
        """))}</tbody></table></div>
        """);

    private static Html Count(string name, string label) => Html.Of($"""<div><label for="{name}">{label}</label><input id="{name}" name="{name}" type="number" min="1" value="1"></div>""");

    private static Html Planned(IReadOnlyList<CallFault> planned) => planned.Count == 0 ? Html.None : Html.Of($"""
        <div class="scroll" tabindex="0"><table><thead><tr><th scope="col">Call</th><th scope="col">Fails how</th><th scope="col">From</th><th scope="col">Calls</th><th scope="col">Seen</th><th scope="col">Failed</th></tr></thead><tbody>{planned.Select(f => Html.Of($"""
        <tr><td><code>{f.Call}</code></td><td>{CallFaultNames.All.First(k => k.Kind == f.Kind).Label}</td><td>{f.Nth}</td><td>{f.Times}</td><td>{f.Seen}</td><td>{f.Struck}</td></tr>
        """))}</tbody></table></div>
        <form method="post" action="/control/clear-calls"><button class="plain">End these failures</button></form>
        """);

    private static Html Check(string name, string label, bool on) => Html.Of($"""<label><input type="checkbox" name="{name}"{(on ? new Html(" checked") : Html.None)}>{label}</label>""");

    private static Html Field(string name, string label, int value) => Html.Of($"""<div><label for="{name}">{label}</label><input id="{name}" name="{name}" type="number" min="0"{(label.EndsWith("(%)", StringComparison.Ordinal) ? new Html(" max=\"100\"") : Html.None)} value="{value}"></div>""");

    private static Html Charges(IReadOnlyList<JsonObject> charges) => charges.Count == 0 ? Html.Of($"<p>No payment yet.</p>") : Html.Of($"""
        <div class="scroll" tabindex="0"><table><thead><tr><th scope="col">Charge</th><th scope="col">Amount</th><th scope="col">Refund</th><th scope="col">Dispute</th></tr></thead><tbody>{charges.Select(Row)}</tbody></table></div>
        """);

    private static Html Row(JsonObject charge)
    {
        var currency = charge.Str("currency")!;
        var left = charge.Long("amount") - charge.Long("amount_refunded");
        var id = charge.Id();
        return Html.Of($"""
            <tr><td><a href="/objects/{id}"><code>{id}</code></a><br>{charge.Obj("billing_details").Str("email")}</td>
            <td>{InvoiceLines.Money(charge.Long("amount"), currency)}{(charge.Long("amount_refunded") > 0 ? $", {InvoiceLines.Money(charge.Long("amount_refunded"), currency)} refunded" : "")}</td>
            <td>{(left == 0 ? Html.None : Html.Of($"""<form method="post" action="/control/refund" class="row"><input type="hidden" name="charge" value="{id}"><input name="amount" type="number" min="1" max="{left}" placeholder="{left} cents" aria-label="Cents to refund of {id}"><button class="plain small fit">Refund</button></form>"""))}</td>
            <td>{Dispute(charge, id)}</td></tr>
            """);
    }

    private static Html Dispute(JsonObject charge, string id) => charge.Bool("disputed")
        ? Html.Of($"""<form method="post" action="/control/close-dispute" class="row"><input type="hidden" name="charge" value="{id}"><button class="plain small fit" name="outcome" value="won">Won</button><button class="plain small fit" name="outcome" value="lost">Lost</button></form>""")
        : Html.Of($"""<form method="post" action="/control/dispute"><input type="hidden" name="charge" value="{id}"><button class="plain small">Dispute</button></form>""");
}

/// <summary>When somebody's paid period ends.</summary>
internal sealed record ComingRenewal(string Email, long At);
