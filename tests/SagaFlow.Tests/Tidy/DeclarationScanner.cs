using System.Text.RegularExpressions;

namespace SagaFlow.Tests.Tidy;

/// <summary>Finds the types and members that a C# file declares, from its braces and semicolons.</summary>
/// <remarks>
/// A parser would be exact, but the compiler's is not among the project's packages. What is here is right for code that
/// compiles: it goes through the file with the brackets balanced, and a declaration is what stands between two ends.
/// </remarks>
internal static partial class DeclarationScanner
{
    /// <summary>Lists the declarations of a file: types at any depth, and what lies directly in a type or at the top of the file.</summary>
    public static IReadOnlyList<Declaration> Scan(SourceFile file)
    {
        var found = new List<Declaration>();
        ScanBody(file, 0, file.Code.Length, depth: 0, found);
        return found;
    }

    private static void ScanBody(SourceFile file, int start, int end, int depth, List<Declaration> found)
    {
        var position = start;
        while ((position = SkipToDeclaration(file.Code, position, end)) < end)
        {
            var headEnd = FindHeadEnd(file.Code, position, end);
            var bodyEnd = headEnd < end && file.Code[headEnd] == '{' ? Match(file.Code, headEnd, end) : headEnd;
            var last = EndOfDeclaration(file.Code, position, headEnd, bodyEnd, end);
            AddAndDescend(file, new Span(position, headEnd, bodyEnd, last), depth, found);
            position = last + 1;
        }
    }

    private static void AddAndDescend(SourceFile file, Span span, int depth, List<Declaration> found)
    {
        var head = file.Code[span.Start..span.HeadEnd];
        if (NamespaceHead().IsMatch(head))
        {
            // A file-scoped namespace has no braces: what follows it lies at the same depth.
            ScanBody(file, Math.Min(span.HeadEnd + 1, span.BodyEnd), span.BodyEnd, depth, found);
            return;
        }

        var type = TypeHead().Match(head);
        var kind = type.Success ? DeclarationKind.Type
            : UsingHead().IsMatch(head) ? DeclarationKind.Using
            : depth == 0 ? DeclarationKind.Statement
            : HasCode(file.Code, head, span) ? DeclarationKind.Method
            : DeclarationKind.Other;
        var name = type.Success ? type.Groups["name"].Value : MemberName(head);
        found.Add(new Declaration(kind, name, head.Trim(), depth, file.LineAt(span.Start), file.LineAt(Math.Min(span.Last, file.Text.Length - 1))));
        if (type.Success && span.BodyEnd > span.HeadEnd)
        {
            ScanBody(file, span.HeadEnd + 1, span.BodyEnd, depth + 1, found);
        }
    }

    /// <summary>Skips blanks, directives and attributes: a method is as long as its own text, not as its attributes.</summary>
    private static int SkipToDeclaration(string code, int position, int end)
    {
        while (position < end)
        {
            if (char.IsWhiteSpace(code[position]) || code[position] is ';' or '}' or '\uFEFF')
            {
                position++;
            }
            else if (code[position] == '#')
            {
                position = code.IndexOf('\n', position) is var line and >= 0 ? line : end;
            }
            else if (code[position] == '[')
            {
                position = Match(code, position, end) + 1;
            }
            else
            {
                break;
            }
        }

        return Math.Min(position, end);
    }

    /// <summary>Finds the brace that opens the body or the semicolon that ends the declaration.</summary>
    private static int FindHeadEnd(string code, int position, int end)
    {
        while (position < end && code[position] is not ('{' or ';' or '}'))
        {
            position = code[position] is '(' or '[' ? Match(code, position, end) + 1 : position + 1;
        }

        return Math.Min(position, end);
    }

    /// <summary>With an arrow or an assignment in its head a declaration ends with a semicolon, however many braces come before it.</summary>
    private static int EndOfDeclaration(string code, int start, int headEnd, int bodyEnd, int end)
    {
        if (bodyEnd == headEnd)
        {
            return headEnd;
        }

        if (Assigns(code[start..headEnd]))
        {
            return FindSemicolon(code, headEnd, end);
        }

        var rest = code.AsSpan(bodyEnd + 1, Math.Max(0, end - bodyEnd - 1)).TrimStart();
        return rest is ['=', ..] ? FindSemicolon(code, bodyEnd + 1, end) : bodyEnd;
    }

    private static bool Assigns(string head) => InParentheses().Replace(OperatorName().Replace(head, ""), "").Contains('=', StringComparison.Ordinal);

    private static int FindSemicolon(string code, int position, int end)
    {
        while (position < end && code[position] != ';')
        {
            position = code[position] is '(' or '[' or '{' ? Match(code, position, end) + 1 : position + 1;
        }

        return Math.Min(position, end);
    }

    private static int Match(string code, int open, int end)
    {
        var depth = 0;
        for (var position = open; position < end; position++)
        {
            depth += code[position] switch
            {
                '(' or '[' or '{' => 1,
                ')' or ']' or '}' => -1,
                _ => 0,
            };
            if (depth == 0)
            {
                return position;
            }
        }

        return end;
    }

    /// <summary>A property with a body counts as a method, a field with a long initializer does not.</summary>
    private static bool HasCode(string code, string head, Span span) =>
        MethodHead().IsMatch(head) || head.Contains("=>", StringComparison.Ordinal) || (span.BodyEnd > span.HeadEnd && code[span.HeadEnd] == '{' && !Assigns(head));

    private static string MemberName(string head) => MethodHead().Match(head) is { Success: true } method
        ? method.Groups["name"].Value
        : head.Trim().Split('\n')[0];

    private readonly record struct Span(int Start, int HeadEnd, int BodyEnd, int Last);

    [GeneratedRegex(@"\([^()]*(?:\([^()]*\)[^()]*)*\)")]
    private static partial Regex InParentheses();

    [GeneratedRegex(@"\boperator\s*[^\s(\w]+")]
    private static partial Regex OperatorName();

    [GeneratedRegex(@"^\s*namespace\s")]
    private static partial Regex NamespaceHead();

    [GeneratedRegex(@"^\s*(global\s+)?using\s+[^(]|^\s*extern\s+alias\s")]
    private static partial Regex UsingHead();

    [GeneratedRegex(@"^(?:\s*(?:public|internal|private|protected|file|static|sealed|abstract|partial|readonly|ref|unsafe|new)\s)*\s*(?:class|interface|enum|struct|record(?:\s+(?:class|struct))?|delegate\s[^(]*?)\s+(?<name>\w+)\s*(?:[<({:;]|where\s|$)")]
    private static partial Regex TypeHead();

    /// <summary>A name, perhaps type parameters, an opening parenthesis, and no assignment before it.</summary>
    [GeneratedRegex(@"^[^=(]*?(?<name>[\w.~]+)\s*(?:<[^=(]*>)?\s*\(")]
    private static partial Regex MethodHead();
}
