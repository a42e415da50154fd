using System.Text.Json;

namespace SagaFlow.Tests.Contracts;

/// <summary>The page and the schemas of the wire, as the repository holds them.</summary>
internal static class WireFiles
{
    public static string Folder { get; } = FindFolder();

    public static string Page => File.ReadAllText(Path.Combine(Folder, "README.md"));

    public static JsonElement Schema(string name) => JsonElement.Parse(File.ReadAllText(Path.Combine(Folder, "schemas", name + ".json")));

    private static string FindFolder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "SagaFlow.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests do not run inside the repository.");
        }

        return Path.Combine(folder.FullName, "src", "SagaFlow.Contracts", "wire");
    }
}
