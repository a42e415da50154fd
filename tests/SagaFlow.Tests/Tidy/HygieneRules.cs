using System.Text.RegularExpressions;

namespace SagaFlow.Tests.Tidy;

/// <summary>What no file may hold, and how every text file is written.</summary>
internal static partial class HygieneRules
{
    // Put together from parts, so that these lines are not what the rules look for.
    public const string Later = "TO" + "DO";
    public const string Broken = "FIX" + "ME";

    private static readonly string[] RegistryHosts =
    [
        "nuget" + ".org", "myget" + ".org", "pkgs.dev" + ".azure.com", "npmjs" + ".org", "npmjs" + ".com", "yarnpkg" + ".com",
        "pypi" + ".org", "pythonhosted" + ".org",
    ];

    public static IEnumerable<string> UnfinishedWork(IEnumerable<SourceFile> files) =>
        from file in files.Where(x => x.IsCode && (x.IsUnder("src") || x.IsUnder("tests")))
        from Match word in Unfinished().Matches(file.Text)
        select $"{file.At(word.Index)}: '{word.Value}'; finish it, or leave it out";

    public static IEnumerable<string> MissingImplementations(IEnumerable<SourceFile> files) =>
        Find(files, "", NotImplemented(), "is a promise nobody kept; implement it or leave it out");

    public static IEnumerable<string> WallClocks(IEnumerable<SourceFile> files) =>
        Find(files, "src", WallClock(), "reads the machine's clock; take the time from the injected TimeProvider");

    public static IEnumerable<string> Sleeps(IEnumerable<SourceFile> files) =>
        Find(files, "tests/SagaFlow.Tests", Sleep(), "waits in real time; advance a ManualTimeProvider or await the event itself");

    public static IEnumerable<string> SkippedTests(IEnumerable<SourceFile> files) =>
        Find(files, "tests", Skip(), "hides a test; mend it or delete it");

    public static IEnumerable<string> EmptyAssertions(IEnumerable<SourceFile> files) =>
        Find(files, "tests", EmptyAssertion(), "asserts nothing");

    public static IEnumerable<string> UnexplainedSuppressions(IEnumerable<SourceFile> files)
    {
        foreach (var file in files.Where(x => x.IsCode || IsBuildFile(x)))
        {
            var lines = file.Lines;
            var code = file.IsCode ? file.Code.Split('\n') : lines;
            for (var i = 0; i < lines.Length; i++)
            {
                if (Suppression().IsMatch(code[i]) && !(i > 0 && IsComment(lines[i - 1])))
                {
                    yield return $"{file.Path}:{i + 1}: a warning is switched off; say why in a comment on the line above";
                }
            }
        }
    }

    public static IEnumerable<string> Registries(IEnumerable<SourceFile> files) =>
        from file in files
        from host in RegistryHosts
        let at = file.Text.IndexOf(host, StringComparison.OrdinalIgnoreCase)
        where at >= 0
        select $"{file.At(at)}: names the package registry '{host}'; which registry is used is the machine's business";

    public static IEnumerable<string> Endings(IEnumerable<SourceFile> files)
    {
        foreach (var file in files.Where(x => x.Text.Length > 0))
        {
            // The SDK's own `dotnet sln` writes the mark back whenever it adds a project.
            if (file.Text[0] == '\uFEFF' && !file.Path.EndsWith(".sln", StringComparison.Ordinal))
            {
                yield return $"{file.Path}: begins with a byte order mark";
            }

            if (file.Text.Contains('\r', StringComparison.Ordinal))
            {
                yield return $"{file.Path}: has carriage returns; lines end with a line feed alone";
            }

            // The package manager writes lock files as it likes, again at each restore.
            if (file.Text[^1] != '\n' && System.IO.Path.GetFileName(file.Path) != "packages.lock.json")
            {
                yield return $"{file.Path}: does not end with a line feed";
            }
        }
    }

    private static IEnumerable<string> Find(IEnumerable<SourceFile> files, string folder, Regex forbidden, string why) =>
        from file in files.Where(x => x.IsCode && (folder.Length == 0 || x.IsUnder(folder)))
        from Match found in forbidden.Matches(file.Code)
        select $"{file.At(found.Index)}: '{found.Value.Trim()}' {why}";

    private static bool IsBuildFile(SourceFile file) => System.IO.Path.GetExtension(file.Path) is ".csproj" or ".props" or ".targets";

    private static bool IsComment(string line) => line.TrimStart().StartsWith("//", StringComparison.Ordinal) || line.TrimEnd().EndsWith("-->", StringComparison.Ordinal);

    [GeneratedRegex(@"\b(?:" + Later + "|" + Broken + @")\b")]
    private static partial Regex Unfinished();

    [GeneratedRegex(@"\bNotImplementedException\b")]
    private static partial Regex NotImplemented();

    [GeneratedRegex(@"\bDateTime(?:Offset)?\s*\.\s*(?:Now|UtcNow|Today)\b")]
    private static partial Regex WallClock();

    /// <summary>A delay without end waits for its cancellation, not for the time to pass.</summary>
    [GeneratedRegex(@"\bThread\s*\.\s*Sleep\b|\bTask\s*\.\s*Delay\s*\((?!\s*Timeout\s*\.\s*Infinite)")]
    private static partial Regex Sleep();

    [GeneratedRegex(@"\[\s*(?:Fact|Theory|InlineData|MemberData|ClassData)\b[^\]]*\bSkip\s*=")]
    private static partial Regex Skip();

    [GeneratedRegex(@"\bAssert\s*\.\s*(?:True\s*\(\s*true|False\s*\(\s*false)\b")]
    private static partial Regex EmptyAssertion();

    [GeneratedRegex(@"^\s*#pragma\s+warning\s+disable|<NoWarn\b|\bNoWarn=|<WarningsNotAsErrors\b")]
    private static partial Regex Suppression();
}
