using System.Diagnostics;
using System.Text;

namespace Aurion.Web.Ai.Attachments;

/// <summary>
/// Has the text of a PDF taken out by a process of its own, which knows no secret, gets so much memory and so much time: a PDF of a
/// few kilobytes can unfold to gigabytes, or keep a parser busy for ever.
/// </summary>
public sealed class PdfReader : IDisposable
{
    public const int MostPages = 100;

    // 400 MB.
    private const string MostMemory = "0x19000000";
    private const int AtOnce = 2;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly SemaphoreSlim turns = new(AtOnce);

    /// <summary>The text, or why there is none: pdf_locked, pdf_broken, pdf_pages or pdf_slow.</summary>
    public async Task<(string Text, string? Fault)> ReadAsync(byte[] content, CancellationToken ct)
    {
        await turns.WaitAsync(ct);
        try
        {
            return await RunAsync(content, ct);
        }
        finally
        {
            turns.Release();
        }
    }

    public void Dispose() => turns.Dispose();

    private static async Task<(string, string?)> RunAsync(byte[] content, CancellationToken ct)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(ct);
        late.CancelAfter(Patience);
        using var reader = Process.Start(StartInfo()) ?? throw new InvalidOperationException("The reader of PDFs did not start.");
        try
        {
            var text = reader.StandardOutput.ReadToEndAsync(late.Token);
            var faults = reader.StandardError.ReadToEndAsync(late.Token);
            try
            {
                await reader.StandardInput.BaseStream.WriteAsync(content, late.Token);
                reader.StandardInput.Close();
            }
            catch (IOException)
            {
                // It ended before it had read everything: its exit code says why.
            }
            await reader.WaitForExitAsync(late.Token);
            await faults;
            return reader.ExitCode switch
            {
                PdfText.Done => (await text, null),
                PdfText.Locked => ("", "pdf_locked"),
                PdfText.TooManyPages => ("", "pdf_pages"),
                _ => ("", "pdf_broken"),
            };
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return ("", "pdf_slow");
        }
        finally
        {
            if (!reader.HasExited)
                reader.Kill(entireProcessTree: true);
        }
    }

    private static ProcessStartInfo StartInfo()
    {
        var program = typeof(PdfReader).Assembly.Location;
        var start = new ProcessStartInfo(Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet", ["exec", program, PdfText.Verb])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        var known = start.Environment.Where(variable => variable.Key is "PATH" or "HOME" or "TMPDIR" or "DOTNET_ROOT").ToList();
        start.Environment.Clear();
        foreach (var (name, value) in known)
            start.Environment[name] = value;
        start.Environment["DOTNET_GCHeapHardLimit"] = MostMemory;
        start.Environment["DOTNET_gcServer"] = "0";
        return start;
    }
}
