using System.Xml.Linq;

namespace SagaFlow.Tests.Tidy;

/// <summary>Which project may refer to which, so that a worker never carries the engine and nobody is shipped a test package.</summary>
internal static class ProjectRules
{
    private static readonly Dictionary<string, string[]> Arrows = new(StringComparer.Ordinal)
    {
        ["SagaFlow.Contracts"] = [],
        ["SagaFlow.Client"] = ["SagaFlow.Contracts"],
        ["SagaFlow.Worker"] = ["SagaFlow.Client"],
        ["SagaFlow.Cli"] = ["SagaFlow.Client"],
        ["SagaFlow"] = ["SagaFlow.Contracts", "SagaFlow.Client"],
        ["SagaFlow.AspNetCore"] = ["SagaFlow", "SagaFlow.Client"],
        ["SagaFlow.Testing"] = ["SagaFlow", "SagaFlow.Worker"],
    };

    private static readonly string[] TestPackages =
    [
        "xunit", "NSubstitute", "FsCheck", "Microsoft.NET.Test.Sdk", "coverlet", "bunit", "Verify", "BenchmarkDotNet",
        "Microsoft.Playwright", "MassTransit.TestFramework",
    ];

    /// <summary>Finds references that point against the arrows. A project may name what it would get through another one anyway.</summary>
    public static IEnumerable<string> WrongReferences(IEnumerable<SourceFile> files)
    {
        foreach (var file in Projects(files))
        {
            var isSample = file.IsUnder("src/Samples");
            if (!isSample && !Arrows.ContainsKey(NameOf(file.Path)))
            {
                yield return $"{file.Path}: nobody has said what this project may refer to; add it to the arrows of {nameof(ProjectRules)}";
                continue;
            }

            var allowed = isSample ? [.. Arrows.Keys] : Reach(NameOf(file.Path));
            foreach (var target in References(file, "ProjectReference").Select(NameOf).Where(x => !allowed.Contains(x)))
            {
                yield return $"{file.Path}: refers to '{target}', which is against the arrows: it may refer to {Describe(allowed)}";
            }
        }
    }

    public static IEnumerable<string> TestPackageReferences(IEnumerable<SourceFile> files) =>
        from file in Projects(files)
        from package in References(file, "PackageReference")
        where TestPackages.Any(x => package.StartsWith(x, StringComparison.OrdinalIgnoreCase))
        select $"{file.Path}: refers to the test package '{package}'; nothing under src may";

    private static IEnumerable<SourceFile> Projects(IEnumerable<SourceFile> files) =>
        files.Where(x => x.IsUnder("src") && x.Path.EndsWith(".csproj", StringComparison.Ordinal));

    private static IEnumerable<string> References(SourceFile file, string kind) => XDocument.Parse(file.Text.TrimStart('\uFEFF'))
        .Descendants(kind)
        .Select(x => (string?)x.Attribute("Include"))
        .OfType<string>();

    private static string NameOf(string path) => System.IO.Path.GetFileNameWithoutExtension(path.Replace('\\', '/'));

    private static HashSet<string> Reach(string project) =>
        [.. Arrows[project], .. Arrows[project].SelectMany(Reach)];

    private static string Describe(HashSet<string> allowed) => allowed.Count == 0 ? "nothing" : string.Join(", ", allowed.Order(StringComparer.Ordinal));
}
