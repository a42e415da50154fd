namespace SagaFlow.Tests.Tidy;

/// <summary>The repository these tests were built from: its text files, read from the disk.</summary>
internal static class Repository
{
    /// <summary>What is text here. Anything else (a database, a picture) is nobody's to tidy.</summary>
    private static readonly HashSet<string> TextKinds = new(StringComparer.Ordinal)
    {
        ".cs", ".csproj", ".sln", ".props", ".targets", ".json", ".md", ".txt", ".yaml", ".yml", ".sql", ".razor", ".css",
        ".js", ".ts", ".py", ".sh", ".html", ".editorconfig", ".gitignore", "",
    };

    private static readonly HashSet<string> BuiltFolders = new(StringComparer.Ordinal)
    {
        "bin", "obj", "TestResults", "node_modules", "__pycache__", ".git", ".vs", ".idea", ".venv",
    };

    public static DirectoryInfo Root { get; } = FindRoot();

    public static IReadOnlyList<SourceFile> Files { get; } = [.. Read(Root)];

    public static IEnumerable<SourceFile> Code => Files.Where(x => x.IsCode);

    public static bool Exists(string path)
    {
        var full = Path.Combine(Root.FullName, path);
        return File.Exists(full) || Directory.Exists(full);
    }

    private static DirectoryInfo FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "SagaFlow.sln")))
        {
            folder = folder.Parent;
        }

        return folder ?? throw new InvalidOperationException($"No SagaFlow.sln above '{AppContext.BaseDirectory}'.");
    }

    private static IEnumerable<SourceFile> Read(DirectoryInfo folder)
    {
        foreach (var file in folder.EnumerateFiles().Where(x => TextKinds.Contains(x.Extension) || x.Name[0] == '.'))
        {
            // A linked work tree has a file named .git, which is not part of it.
            if (file.Name != ".git")
            {
                yield return SourceFile.Read(Root, file);
            }
        }

        foreach (var file in folder.EnumerateDirectories().Where(x => !BuiltFolders.Contains(x.Name)).SelectMany(Read))
        {
            yield return file;
        }
    }
}
