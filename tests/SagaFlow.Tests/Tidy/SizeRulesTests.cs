namespace SagaFlow.Tests.Tidy;

public sealed class SizeRulesTests
{
    [Theory]
    [InlineData(399, 0)]
    [InlineData(400, 0)]
    [InlineData(401, 1)]
    public void A_file_may_have_400_lines(int lines, int expected)
    {
        Assert.Equal(expected, SizeRules.LongFiles([File("src/A.cs", Lines(lines))]).Count());
    }

    [Theory]
    [InlineData(69, 0)]
    [InlineData(70, 0)]
    [InlineData(71, 1)]
    public void A_method_may_have_70_lines(int lines, int expected)
    {
        var block = "class A\n{\n[Fact]\nvoid B()\n{\n" + Lines(lines - 3) + "}\n\nvoid C() { }\n}\n";
        var arrow = "class A\n{\nint B =>\n" + Lines(lines - 2) + "1;\n\nvoid C() { }\n}\n";

        Assert.Equal(expected, SizeRules.LongMethods([File("src/A.cs", block)]).Count());
        Assert.Equal(expected, SizeRules.LongMethods([File("src/A.cs", arrow)]).Count());
    }

    [Theory]
    [InlineData(70, 0)]
    [InlineData(71, 1)]
    public void The_statements_of_a_program_are_one_method(int lines, int expected)
    {
        Assert.Equal(expected, SizeRules.LongMethods([File("src/Samples/A/Program.cs", $"using B;\n\n{Lines(lines, "Run();")}class C {{ }}")]).Count());
    }

    [Theory]
    [InlineData("src/SagaFlow/Order.cs", "public class Order;\ninternal class Other;", 0)]
    [InlineData("src/SagaFlow/Order.Parts.cs", "public partial class Order { public class Part; }", 0)]
    [InlineData("src/SagaFlow/Order{TItem}.cs", "public class Order<TItem>;", 0)]
    [InlineData("src/SagaFlow/OrderOfItem.cs", "public class Order<TItem>;", 0)]
    [InlineData("src/SagaFlow/Orders.cs", "public class Order;", 1)]
    [InlineData("src/SagaFlow/Order.cs", "public class Order;\npublic enum Size { Small }", 1)]
    [InlineData("src/Samples/Shop/Order.cs", "public class Order;\npublic enum Size { Small }", 0)]
    [InlineData("tests/SagaFlow.Tests/OrderTests.cs", "public class Order;\npublic enum Size { Small }", 0)]
    public void A_public_type_is_alone_in_the_file_of_its_name(string path, string text, int expected)
    {
        Assert.Equal(expected, SizeRules.PublicTypes([File(path, text)]).Count());
    }

    private static SourceFile File(string path, string text) => new(path, text);

    private static string Lines(int count, string line = "// a line") => string.Concat(Enumerable.Repeat(line + "\n", count));
}
