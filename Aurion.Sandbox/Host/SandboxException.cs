namespace Aurion.Sandbox.Host;

/// <summary>The sandbox cannot go on; the message says what to do and is shown without a stack trace.</summary>
public sealed class SandboxException(string message) : Exception(message);
