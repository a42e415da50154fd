using System.Text;

namespace SagaFlow.Tests.Tidy;

/// <summary>One text file and where it lies.</summary>
/// <param name="Path">The path from the repository's root, with slashes.</param>
/// <param name="Text">The text as it is on the disk, a byte order mark included.</param>
internal sealed record SourceFile(string Path, string Text)
{
    private readonly Lazy<string> _code = new(() => CSharpText.Blank(Text));

    /// <summary>Gets the text with the insides of comments and string literals blanked out; every position stays what it was.</summary>
    public string Code => _code.Value;

    public string[] Lines => Text.Split('\n');

    public bool IsCode => Path.EndsWith(".cs", StringComparison.Ordinal);

    public bool IsUnder(string folder) => Path.StartsWith(folder + "/", StringComparison.Ordinal);

    /// <summary>Gets the line that holds a position, counted from 1.</summary>
    public int LineAt(int position) => Text.AsSpan(0, position).Count('\n') + 1;

    /// <summary>Says where a finding is, so that an editor can jump there.</summary>
    public string At(int position) => $"{Path}:{LineAt(position)}";

    public static SourceFile Read(DirectoryInfo root, FileInfo file) => new(
        System.IO.Path.GetRelativePath(root.FullName, file.FullName).Replace('\\', '/'),
        new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(File.ReadAllBytes(file.FullName)));
}
