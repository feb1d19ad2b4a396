using System.Text;
using Aurion.Web.Infrastructure.Errors;
using Microsoft.Net.Http.Headers;

namespace Aurion.Web.Infrastructure.Security;

/// <summary>A body that cannot be read is the sender's fault: an unknown charset is 415, a broken form is 400, before any page looks at it.</summary>
public static class ReadableBodies
{
    // Off since .NET 5, and refused here by its own name: the framework would throw.
    private const int Utf7 = 65000;

    public static void UseReadableBodies(this WebApplication app) => app.Use(async (context, next) =>
    {
        var request = context.Request;
        if (!TryPlainCharset(request))
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
        else if (request.HasFormContentType && !ErrorPage.IsApi(request.Path) && !await TryReadFormAsync(context))
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
        else
            await next(context);
    });

    /// <summary>Takes the quotes off a charset, which RFC 9110 allows and the framework does not expect. False for one that nobody knows.</summary>
    private static bool TryPlainCharset(HttpRequest request)
    {
        if (request.ContentType is not { } text || !text.Contains("charset", StringComparison.OrdinalIgnoreCase)
            || !MediaTypeHeaderValue.TryParse(text, out var type) || !type.Charset.HasValue)
            return true;
        var charset = HeaderUtilities.RemoveQuotes(type.Charset);
        if (charset.Length != type.Charset.Length)
        {
            type.Charset = charset;
            request.ContentType = type.ToString();
        }
        return IsKnown(charset.ToString());
    }

    private static bool IsKnown(string charset)
    {
        try
        {
            return Encoding.GetEncoding(charset).CodePage != Utf7;
        }
        catch (Exception unknown) when (unknown is ArgumentException or NotSupportedException)
        {
            return false;
        }
    }

    private static async Task<bool> TryReadFormAsync(HttpContext context)
    {
        try
        {
            await context.Request.ReadFormAsync(context.RequestAborted);
            return true;
        }
        // A body that grew too large, or took too long, has a status of its own.
        catch (Exception broken) when (broken is not BadHttpRequestException
            && broken is IOException or InvalidDataException or InvalidOperationException or ArgumentException or NotSupportedException or FormatException)
        {
            return false;
        }
    }
}
