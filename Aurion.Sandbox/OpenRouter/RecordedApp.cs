using Aurion.Sandbox.Look;

namespace Aurion.Sandbox.OpenRouter;

/// <summary>
/// An app as a good model writes it for one brief: a plan, a page and its program, each in a folder of its own under apps. For any
/// other brief <see cref="Projects"/> derives one from the brief's words.
/// </summary>
internal sealed record RecordedApp(string Folder, string Words)
{
    private static readonly IReadOnlyList<RecordedApp> All =
    [
        new("board", "kanban board"),
        new("cards", "flash cards"),
        new("converter", "unit converter"),
        new("expenses", "expenses of a trip"),
        new("habits", "habit tracker"),
        new("palette", "colour palette"),
        new("quiz", "quiz about capitals"),
        new("salon", "hair salon"),
        new("timer", "kitchen timer"),
        new("tip", "tip splitter"),
    ];

    public string Plan => Text("plan.txt").TrimEnd('\n');

    public IEnumerable<(string Path, string Text)> Files => [("index.html", Text("index.html")), ("app.js", Text("app.js"))];

    /// <summary>Null for a brief that nobody has recorded.</summary>
    public static RecordedApp? Find(string brief) => All.FirstOrDefault(app => brief.Contains(app.Words, StringComparison.OrdinalIgnoreCase));

    private string Text(string file) => Assets.Text($"OpenRouter/apps/{Folder}/{file}");
}
