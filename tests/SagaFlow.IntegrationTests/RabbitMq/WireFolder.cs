namespace SagaFlow.IntegrationTests.RabbitMq;

/// <summary>The wire contract's folder in the repository.</summary>
internal static class WireFolder
{
    public static string Path { get; } = Find();

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(System.IO.Path.Combine(folder.FullName, "SagaFlow.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests do not run inside the repository.");
        }

        return System.IO.Path.Combine(folder.FullName, "src", "SagaFlow.Contracts", "wire");
    }
}
