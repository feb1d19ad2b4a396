namespace Aurion.Web.Infrastructure.Errors;

/// <summary>Marks the words of the API's errors.</summary>
public sealed class ApiText;
