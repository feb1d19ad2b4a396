using Microsoft.Playwright;
using Npgsql;

namespace Aurion.E2E.Harness;

/// <summary>The running product and a browser, once for all tests of a collection.</summary>
public sealed class AurionSite : IAsyncLifetime
{
    private SandboxProcess sandbox = null!;
    private IPlaywright playwright = null!;
    private NpgsqlDataSource database = null!;

    public IBrowser Browser { get; private set; } = null!;

    public SandboxState State => sandbox.State;

    /// <summary>What the sandbox has said, and the faults that the web has logged.</summary>
    public string Output => sandbox.Output + sandbox.WebFaults();

    public async Task InitializeAsync()
    {
        playwright = await Playwright.CreateAsync();
        // A wait of an expectation guards against hanging; what is promised in seconds says so itself.
        Assertions.SetDefaultExpectTimeout(30_000);
        Browser = await Chromium.LaunchAsync(playwright);
        sandbox = await SandboxProcess.StartAsync();
        database = NpgsqlDataSource.Create(State.Database);
    }

    public async Task DisposeAsync()
    {
        if (database is not null)
            await database.DisposeAsync();
        if (sandbox is not null)
            await sandbox.DisposeAsync();
        if (Browser is not null)
            await Browser.DisposeAsync();
        playwright?.Dispose();
    }

    /// <summary>Runs a statement of the guide as an operator in the SQL editor would, and gives its rows by column name.</summary>
    public async Task<IReadOnlyList<IReadOnlyDictionary<string, object?>>> SqlAsync(string statement)
    {
        await using var command = database.CreateCommand(statement);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<IReadOnlyDictionary<string, object?>>();
        while (await reader.ReadAsync())
            rows.Add(Enumerable.Range(0, reader.FieldCount).ToDictionary(reader.GetName, i => reader.IsDBNull(i) ? null : reader.GetValue(i)));
        return rows;
    }

    /// <summary>A program that calls the API, with somebody's bearer token or with none.</summary>
    public HttpClient Program(string? token = null)
    {
        var http = new HttpClient { BaseAddress = new Uri(State.Web) };
        if (token is not null)
            http.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return http;
    }
}

/// <summary>What people do. It runs beside <see cref="PagesCollection"/>, each with a sandbox of its own: a browser waits more than it works.</summary>
[CollectionDefinition(Name)]
public sealed class AurionCollection : ICollectionFixture<AurionSite>
{
    public const string Name = "Aurion";
}

/// <summary>How the pages are.</summary>
[CollectionDefinition(Name)]
public sealed class PagesCollection : ICollectionFixture<AurionSite>
{
    public const string Name = "Aurion's pages";
}

/// <summary>A clock that is moved: whoever shared it would be signed out.</summary>
[CollectionDefinition(Name)]
public sealed class TimeCollection : ICollectionFixture<AurionSite>
{
    public const string Name = "Aurion through time";
}
