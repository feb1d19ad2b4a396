namespace Aurion.Web.Ai.Images;

/// <summary>How a picture looks. <paramref name="Words"/> are added to the prompt, in the language that every engine knows best.</summary>
public sealed record PictureStyle(string Id, string Name, string Words)
{
    public static IReadOnlyList<PictureStyle> All { get; } =
    [
        new("none", "As written", ""),
        new("photo", "Photo", "photograph, natural light"),
        new("painting", "Painting", "oil painting, visible brush strokes"),
        new("print", "Print", "screen print, few flat colours"),
        new("render", "Render", "3D render, soft studio light"),
    ];

    public static PictureStyle? Find(string? id) => All.FirstOrDefault(style => style.Id == (id ?? "none"));
}

/// <summary>The shape of a picture, width to height.</summary>
public sealed record PictureSize(string Id, string Name)
{
    public static IReadOnlyList<PictureSize> All { get; } = [new("1:1", "Square"), new("3:4", "3 : 4"), new("4:3", "4 : 3"), new("16:9", "16 : 9")];

    public int Width => int.Parse(Id.Split(':')[0], null);

    public int Height => int.Parse(Id.Split(':')[1], null);

    public static PictureSize? Find(string? id) => All.FirstOrDefault(size => size.Id == (id ?? "1:1"));
}
