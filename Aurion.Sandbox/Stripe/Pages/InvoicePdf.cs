using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Aurion.Sandbox.Stripe.Billing;
using Aurion.Sandbox.Stripe.Core;

namespace Aurion.Sandbox.Stripe.Pages;

/// <summary>An invoice on one A4 page: a small but real PDF, with the standard fonts.</summary>
internal static class InvoicePdf
{
    public static byte[] Write(JsonObject invoice)
    {
        var page = new StringBuilder();
        var y = 780;
        void Line(string text, int size = 10, int x = 56, bool bold = false, int step = 16)
        {
            page.Append(CultureInfo.InvariantCulture, $"BT /{(bold ? "F2" : "F1")} {size} Tf {x} {y} Td ({Escape(text)}) Tj ET\n");
            y -= step;
        }
        void Row(string label, long cents, bool bold = false)
        {
            Line(label.Length > 74 ? label[..73] + "…" : label, bold: bold, step: 0);
            Line(InvoiceLines.Money(cents, invoice.Str("currency")!), x: 470, bold: bold, step: 18);
        }

        Line(invoice.Str("status") == "paid" ? "AURION - Receipt" : "AURION - Invoice", 20, bold: true, step: 30);
        Line($"Invoice number {invoice.Str("number")}");
        Line($"Date of issue {Day(invoice.Long("created"))}");
        Line($"Bill to {invoice.Str("customer_name") ?? ""} {invoice.Str("customer_email")}");
        Line($"Status {invoice.Str("status")}{(invoice.Obj("status_transitions").LongOrNull("paid_at") is { } paid ? " on " + Day(paid) : "")}", step: 34);
        foreach (var line in invoice.Data("lines"))
            Row($"{line.Str("description")}  ({Day(line.Obj("period")!.Long("start"))} - {Day(line.Obj("period")!.Long("end"))})", line.Long("amount"));
        y -= 10;
        Row("Subtotal", invoice.Long("subtotal"));
        if (invoice.Long("total") != invoice.Long("subtotal"))
            Row("Discount", invoice.Long("total") - invoice.Long("subtotal"));
        Row("Total", invoice.Long("total"));
        Row("Amount due", invoice.Long("amount_due"), bold: true);
        Row("Amount paid", invoice.Long("amount_paid"));
        return File(page.ToString());
    }

    private static string Day(long time) => DateTimeOffset.FromUnixTimeSeconds(time).ToString("d MMM yyyy", CultureInfo.InvariantCulture);

    // The standard fonts speak Windows-1252, of which Latin-1 is enough here.
    private static string Escape(string text) => new string([.. text.Select(c => c == '×' || c < 256 ? c : c == '…' ? '.' : '?')])
        .Replace("\\", "\\\\", StringComparison.Ordinal).Replace("(", "\\(", StringComparison.Ordinal).Replace(")", "\\)", StringComparison.Ordinal);

    private static byte[] File(string content)
    {
        string[] objects =
        [
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 6 0 R /Resources << /Font << /F1 4 0 R /F2 5 0 R >> >> >>",
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>",
            $"<< /Length {Encoding.Latin1.GetByteCount(content).ToString(CultureInfo.InvariantCulture)} >>\nstream\n{content}endstream",
        ];
        var file = new StringBuilder("%PDF-1.4\n");
        var offsets = new List<int>();
        for (var i = 0; i < objects.Length; i++)
        {
            offsets.Add(file.Length);
            file.Append(CultureInfo.InvariantCulture, $"{i + 1} 0 obj\n{objects[i]}\nendobj\n");
        }
        var table = file.Length;
        file.Append(CultureInfo.InvariantCulture, $"xref\n0 {objects.Length + 1}\n0000000000 65535 f \n");
        foreach (var offset in offsets)
            file.Append(CultureInfo.InvariantCulture, $"{offset:0000000000} 00000 n \n");
        file.Append(CultureInfo.InvariantCulture, $"trailer\n<< /Size {objects.Length + 1} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n");
        return Encoding.Latin1.GetBytes(file.ToString());
    }
}
