using System.Text.RegularExpressions;

namespace SagaFlow.Tests.Tidy;

/// <summary>Keeps the code in the documents what it is in the samples, which are compiled.</summary>
/// <remarks>
/// In README.md every csharp block follows a line <c>&lt;!-- snippet: path --&gt;</c> or <c>&lt;!-- snippet: path#region --&gt;</c>; in other
/// documents under src those that follow one are compared. Blocks of shell commands must name what is there.
/// </remarks>
internal static partial class SnippetRules
{
    public static IEnumerable<string> StaleSnippets(IEnumerable<SourceFile> documents, Func<string, string?> read) =>
        from document in documents.Where(IsDocument)
        from block in Blocks(document).Where(x => x.Language == "csharp")
        let problem = Compare(document, block, read)
        where problem is not null
        select $"{document.Path}:{block.Line}: {problem}";

    public static IEnumerable<string> DeadCommands(IEnumerable<SourceFile> documents, Func<string, bool> exists) =>
        from document in documents.Where(IsDocument)
        from block in Blocks(document).Where(x => x.Language is "bash" or "sh" or "console")
        from Match path in CommandPath().Matches(block.Text)
        let named = path.Groups["path"].Value.TrimEnd('/')
        where !exists(named)
        select $"{document.Path}:{block.Line}: a command names '{named}', which does not exist";

    private static bool IsDocument(SourceFile file) => file.Path == "README.md"
        || (file.Path.EndsWith(".md", StringComparison.Ordinal) && file.IsUnder("src"));

    private static string? Compare(SourceFile document, Block block, Func<string, string?> read)
    {
        if (block.Source is null)
        {
            return document.Path == "README.md" ? "a csharp block without '<!-- snippet: path#region -->' on the line above" : null;
        }

        var parts = block.Source.Split('#', 2);
        if (read(parts[0]) is not { } text)
        {
            return $"the snippet '{block.Source}' names a file that does not exist";
        }

        var expected = parts.Length == 1 ? text.TrimStart('\uFEFF').TrimEnd() : Region(text, parts[1]);
        return expected is null ? $"the snippet '{block.Source}' names a region that does not exist"
            : expected == block.Text ? null
            : $"the block differs from '{block.Source}', which reads:\n{expected}";
    }

    private static IEnumerable<Block> Blocks(SourceFile document)
    {
        var lines = document.Lines;
        for (var i = 0; i < lines.Length; i++)
        {
            var fence = Fence().Match(lines[i]);
            if (!fence.Success)
            {
                continue;
            }

            var end = Array.FindIndex(lines, i + 1, x => x.TrimEnd() == "```");
            end = end < 0 ? lines.Length : end;
            var source = i > 0 ? SnippetMark().Match(lines[i - 1]) : Match.Empty;
            yield return new Block(
                fence.Groups[1].Value, source.Success ? source.Groups[1].Value : null, string.Join('\n', lines[(i + 1)..end]).TrimEnd(), i + 1);
            i = end;
        }
    }

    /// <summary>Takes the lines between #region and #endregion, moved to the left as far as the least indented one allows.</summary>
    private static string? Region(string text, string name)
    {
        var lines = text.Split('\n');
        var begin = Array.FindIndex(lines, x => x.Trim() == $"#region {name}");
        var end = begin < 0 ? -1 : Array.FindIndex(lines, begin, x => x.TrimStart().StartsWith("#endregion", StringComparison.Ordinal));
        if (end < 0)
        {
            return null;
        }

        var body = lines[(begin + 1)..end];
        var indent = body.Where(x => x.Trim().Length > 0).Select(x => x.Length - x.TrimStart().Length).DefaultIfEmpty(0).Min();
        return string.Join('\n', body.Select(x => x.Trim().Length == 0 ? "" : x[indent..].TrimEnd())).Trim('\n');
    }

    private sealed record Block(string Language, string? Source, string Text, int Line);

    [GeneratedRegex(@"^```(\w+)\s*$")]
    private static partial Regex Fence();

    [GeneratedRegex(@"^<!--\s*snippet:\s*(\S+)\s*-->\s*$")]
    private static partial Regex SnippetMark();

    /// <summary>What follows --project, and any word that begins with one of our folders.</summary>
    [GeneratedRegex(@"--project[ =](?<path>\S+)|(?<=^|[\s;|&(])(?:\./)?(?<path>(?:src|tests|docker|\.ci)/[\w./-]+)", RegexOptions.Multiline)]
    private static partial Regex CommandPath();
}
