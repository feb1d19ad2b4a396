namespace Aurion.Web.Infrastructure.Pages;

internal static class BufferedResponse
{
    /// <summary>Runs what writes the answer, and returns its body instead of sending it.</summary>
    public static async Task<MemoryStream> BufferAsync(this HttpContext context, RequestDelegate next)
    {
        var (sent, body) = (context.Response.Body, new MemoryStream());
        context.Response.Body = body;
        try
        {
            await next(context);
        }
        finally
        {
            context.Response.Body = sent;
        }
        body.Position = 0;
        return body;
    }
}
