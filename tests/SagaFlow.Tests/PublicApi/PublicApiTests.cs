using System.Reflection;
using System.Xml.Linq;
using SagaFlow.Tests.Tidy;

namespace SagaFlow.Tests.PublicApi;

/// <summary>Each change of what is public shows in review, as a change of a text file beside this test.</summary>
public sealed class PublicApiTests
{
    private const string Folder = "tests/SagaFlow.Tests/PublicApi";
    private const string Accept = "SAGAFLOW_ACCEPT_API=1 dotnet test tests/SagaFlow.Tests --filter PublicApi";

    public static TheoryData<string> Libraries => new(LibraryNames);

    /// <summary>Gets every library under src; a program has no public API.</summary>
    private static IEnumerable<string> LibraryNames => Repository.Files
        .Where(x => x.IsUnder("src") && !x.IsUnder("src/Samples") && x.Path.EndsWith(".csproj", StringComparison.Ordinal))
        .Where(x => XDocument.Parse(x.Text.TrimStart('\uFEFF')).Descendants("OutputType").All(type => type.Value != "Exe"))
        .Select(x => Path.GetFileNameWithoutExtension(x.Path))
        .Order(StringComparer.Ordinal);

    [Theory]
    [MemberData(nameof(Libraries))]
    public void The_public_api_is_the_one_that_was_reviewed(string library)
    {
        var received = ApiText.Of(Load(library));
        var approvedPath = Path.Combine(Repository.Root.FullName, Folder, library + ".txt");

        if (Environment.GetEnvironmentVariable("SAGAFLOW_ACCEPT_API") == "1")
        {
            File.WriteAllText(approvedPath, received);
        }

        var approved = File.Exists(approvedPath) ? File.ReadAllText(approvedPath) : "";
        Assert.True(approved == received, approved == received ? "" : Report(library, approved, received));
    }

    [Fact]
    public void Every_snapshot_belongs_to_a_library()
    {
        var snapshots = Repository.Files.Where(x => x.IsUnder(Folder) && x.Path.EndsWith(".txt", StringComparison.Ordinal))
            .Select(x => Path.GetFileNameWithoutExtension(x.Path));

        Assert.Empty(snapshots.Except(LibraryNames));
    }

    private static string Report(string library, string approved, string received)
    {
        var path = Path.Combine(AppContext.BaseDirectory, library + ".received.txt");
        File.WriteAllText(path, received);
        var before = approved.Split('\n');
        var now = received.Split('\n');
        var changes = before.Except(now).Select(x => "- " + x).Concat(now.Except(before).Select(x => "+ " + x)).Take(40);
        return $"""
            The public API of {library} has changed:
            {string.Join('\n', changes)}
            All of it: {path}
            If that is meant: {Accept}
            """;
    }

    /// <summary>A library that no test refers to is taken from where the build of the solution put it.</summary>
    private static Assembly Load(string library)
    {
        var beside = Path.Combine(AppContext.BaseDirectory, library + ".dll");
        if (File.Exists(beside))
        {
            return Assembly.LoadFrom(beside);
        }

        var output = Path.GetRelativePath(Path.Combine(Repository.Root.FullName, "tests/SagaFlow.Tests"), AppContext.BaseDirectory);
        var built = Path.Combine(Repository.Root.FullName, "src", library, output, library + ".dll");
        Assert.True(File.Exists(built), $"'{built}' does not exist: build SagaFlow.sln, and keep each library in a folder of its name.");
        return Assembly.LoadFrom(built);
    }
}
