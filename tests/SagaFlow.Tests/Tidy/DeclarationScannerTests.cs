namespace SagaFlow.Tests.Tidy;

public sealed class DeclarationScannerTests
{
    [Fact]
    public void Types_and_members_are_found_with_their_lines()
    {
        var found = Scan(
            """
            using System;

            namespace Shop;

            [Obsolete]
            public sealed record Order(int Number) : IOrder
            {
                private readonly int[] _sizes = [1, 2];

                public string Name { get; set; } = "{ not a brace }";

                [Obsolete]
                public int Total(int tax = 3)
                {
                    if (tax > 2) { return 1; }
                    return 2;
                }

                public bool Big => Number switch
                {
                    > 3 => true,
                    _ => false,
                };

                public static bool operator !=(Order a, string b)
                {
                    return true;
                }
            }
            """);

        Assert.Equal(
            [
                "Using using System 1-1",
                "Type Order 6-29",
                "Other private readonly int[] _sizes = [1, 2] 8-8",
                "Method public string Name 10-10",
                "Method Total 13-17",
                "Method public bool Big => Number switch 19-23",
                "Method public static bool operator !=(Order a, string b) 25-28",
            ], found);
    }

    [Theory]
    [InlineData("public class A;", "Type A 1-1")]
    [InlineData("public readonly record struct A(int B);", "Type A 1-1")]
    [InlineData("public delegate void A(int b);", "Type A 1-1")]
    [InlineData("public partial interface A<in T> where T : class { }", "Type A 1-1")]
    [InlineData("file static class A { }", "Type A 1-1")]
    [InlineData("public enum A { }", "Type A 1-1")]
    [InlineData("Console.WriteLine(\"class A { }\");", "Statement Console.WriteLine 1-1")]
    [InlineData("namespace N { internal class A { } }", "Type A 1-1")]
    public void Every_form_of_a_declaration_is_known(string text, string expected)
    {
        Assert.Equal([expected], Scan(text));
    }

    [Theory]
    [InlineData("""var a = "}"; // }""")]
    [InlineData("""var a = '}'; /* } */""")]
    [InlineData("""var a = '\''; var b = "\"}";""")]
    [InlineData("""var a = @"}""}";""")]
    [InlineData("""var a = $"{(b ? "}" : "{{")}}}";""")]
    [InlineData("""var a = $@"}""{c}";""")]
    [InlineData(""""var a = """ }"} """;"""")]
    [InlineData("#region it's } one")]
    public void A_brace_in_text_ends_nothing(string line)
    {
        var found = Scan($"class A\n{{\n    void B()\n    {{\n        {(line[0] == '#' ? "" : line)}\n    }}\n\n{(line[0] == '#' ? line : "")}\n    void C()\n    {{\n    }}\n}}\n");

        Assert.Equal(["Type A 1-12", "Method B 3-6", "Method C 9-11"], found);
    }

    [Fact]
    public void Blanking_keeps_every_position()
    {
        const string Text = "var a = \"text\"; // words\nvar b = '\\n';\n";

        var code = CSharpText.Blank(Text);

        Assert.Equal("var a =       ;         \nvar b =     ;\n", code);
    }

    private static IEnumerable<string> Scan(string text) =>
        DeclarationScanner.Scan(new SourceFile("A.cs", text)).Select(x => $"{x.Kind} {x.Name} {x.FirstLine}-{x.LastLine}");
}
