namespace SagaFlow.Tests.Tidy;

/// <summary>One type or member of a file.</summary>
/// <param name="Head">Everything before the body, attributes left out.</param>
/// <param name="Depth">0 at the top of the file, 1 inside a type, and so on.</param>
internal sealed record Declaration(DeclarationKind Kind, string Name, string Head, int Depth, int FirstLine, int LastLine)
{
    public int Length => LastLine - FirstLine + 1;

    public bool IsPublicType => Kind == DeclarationKind.Type && Depth == 0 && Head.StartsWith("public ", StringComparison.Ordinal);
}
