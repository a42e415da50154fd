namespace SagaFlow.IntegrationTests;

/// <summary>The files of the repository that the tests run in.</summary>
internal static class RepositoryFolder
{
    private static readonly string Root = Find();

    public static string At(params ReadOnlySpan<string> path) => Path.Combine([Root, .. path]);

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "SagaFlow.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests do not run inside the repository.");
        }

        return folder.FullName;
    }
}
