namespace Aurion.Web.Tests.Infrastructure;

/// <summary>Somebody with an account, an open session and the token of that session.</summary>
public sealed record TestUser(Guid Id, string Email, string Token);
