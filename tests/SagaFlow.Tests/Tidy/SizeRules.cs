namespace SagaFlow.Tests.Tidy;

/// <summary>How long files and methods may be, and how many public types a file may declare.</summary>
internal static class SizeRules
{
    public const int FileLines = 400;
    public const int FileLinesAimedFor = 200;
    public const int MethodLines = 70;

    public static IEnumerable<string> LongFiles(IEnumerable<SourceFile> files, int limit = FileLines) => files
        .Where(x => x.IsCode && LineCount(x) > limit)
        .Select(x => $"{x.Path}: has {LineCount(x)} lines, of which {limit} are meant to be enough");

    public static IEnumerable<string> LongMethods(IEnumerable<SourceFile> files) => files
        .Where(x => x.IsCode)
        .SelectMany(file => Methods(file)
            .Where(x => x.Length > MethodLines)
            .Select(x => $"{file.Path}:{x.FirstLine}: '{x.Name}' has {x.Length} lines; name its parts, the limit is {MethodLines}"));

    /// <summary>A reader finds a public type by its file's name. A sample is read from top to bottom and keeps what belongs together.</summary>
    public static IEnumerable<string> PublicTypes(IEnumerable<SourceFile> files)
    {
        foreach (var file in files.Where(x => x.IsCode && x.IsUnder("src") && !x.IsUnder("src/Samples")))
        {
            var types = DeclarationScanner.Scan(file).Where(x => x.IsPublicType).ToList();
            if (types.Count > 1)
            {
                yield return $"{file.Path}: declares {types.Count} public types ({string.Join(", ", types.Select(x => x.Name))}); give each its own file";
            }

            foreach (var type in types.Where(x => types.Count == 1 && !IsNamedAfter(file, x.Name)))
            {
                yield return $"{file.Path}: declares the public type '{type.Name}'; name the file after it";
            }
        }
    }

    private static int LineCount(SourceFile file) => file.Text.AsSpan().Count('\n');

    private static IEnumerable<Declaration> Methods(SourceFile file)
    {
        var declarations = DeclarationScanner.Scan(file);
        var statements = declarations.Where(x => x.Kind == DeclarationKind.Statement).ToList();
        var program = statements.Count == 0
            ? []
            : new[] { statements[0] with { Name = "the program", LastLine = statements[^1].LastLine } };
        return declarations.Where(x => x.Kind == DeclarationKind.Method).Concat(program);
    }

    /// <summary>Widget.cs; Widget.Parts.cs of a partial one; Widget{T}.cs or WidgetOfPart.cs beside a Widget that is not generic.</summary>
    private static bool IsNamedAfter(SourceFile file, string type)
    {
        var name = System.IO.Path.GetFileNameWithoutExtension(file.Path);
        return name.StartsWith(type, StringComparison.Ordinal)
            && name[type.Length..] is "" or ['.', ..] or ['{', ..] or ['O', 'f', ..];
    }
}
