namespace SagaFlow.Tests.Tidy;

/// <summary>A text file beside a test that holds what was reviewed. A difference fails the test; a person accepts it by a variable.</summary>
internal static class Snapshot
{
    private const string Accept = "SAGAFLOW_ACCEPT_TABLES";
    private const int ChangesShown = 40;

    /// <summary>Compares, or writes the file when the variable asks for it.</summary>
    /// <param name="path">The file, from the repository's root.</param>
    /// <param name="received">What the code says now.</param>
    /// <param name="filter">Which tests to run in order to accept.</param>
    public static void Verify(string path, string received, string filter)
    {
        var file = Path.Combine(Repository.Root.FullName, path);
        if (Environment.GetEnvironmentVariable(Accept) == "1")
        {
            File.WriteAllText(file, received);
        }

        var approved = File.Exists(file) ? File.ReadAllText(file) : "";
        Assert.True(approved == received, Report(path, approved, received, filter));
    }

    private static string Report(string path, string approved, string received, string filter)
    {
        var (before, now) = (approved.Split('\n'), received.Split('\n'));
        var changes = before.Except(now).Select(x => "- " + x).Concat(now.Except(before).Select(x => "+ " + x)).Take(ChangesShown);
        return $"""
            {path} says otherwise:
            {string.Join('\n', changes)}
            If the new lines are right: {Accept}=1 dotnet test tests/SagaFlow.Tests --filter {filter}
            """;
    }
}
