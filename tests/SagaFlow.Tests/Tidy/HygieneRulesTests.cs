namespace SagaFlow.Tests.Tidy;

public sealed class HygieneRulesTests
{
    [Theory]
    [InlineData("// " + HygieneRules.Later + ": later", 1)]
    [InlineData("var a = 1; // " + HygieneRules.Broken, 1)]
    [InlineData("// a toDo list", 0)]
    public void Work_that_is_left_for_later_is_found(string line, int expected)
    {
        Assert.Equal(expected, HygieneRules.UnfinishedWork(Code("src", line)).Count());
    }

    [Theory]
    [InlineData("throw new NotImplementedException();", 1)]
    [InlineData("// NotImplementedException is forbidden", 0)]
    public void A_missing_implementation_is_found(string line, int expected)
    {
        Assert.Equal(expected, HygieneRules.MissingImplementations(Code("src", line)).Count());
    }

    [Theory]
    [InlineData("var now = DateTime.Now;", 1)]
    [InlineData("var now = DateTimeOffset . UtcNow;", 1)]
    [InlineData("var text = \"DateTime.Now\"; var now = clock.GetUtcNow();", 0)]
    public void A_reading_of_the_wall_clock_is_found(string line, int expected)
    {
        Assert.Equal(expected, HygieneRules.WallClocks(Code("src", line)).Count());
    }

    [Theory]
    [InlineData("tests/SagaFlow.Tests", "await Task.Delay(10);", 1)]
    [InlineData("tests/SagaFlow.Tests", "Thread.Sleep(10);", 1)]
    [InlineData("tests/SagaFlow.Tests", "await Task.Delay(Timeout.InfiniteTimeSpan, clock, token);", 0)]
    [InlineData("tests/SagaFlow.Tests", "// no Thread.Sleep(10) here", 0)]
    [InlineData("tests/SagaFlow.IntegrationTests", "await Task.Delay(10);", 0)]
    public void A_sleep_in_a_unit_test_is_found(string folder, string line, int expected)
    {
        Assert.Equal(expected, HygieneRules.Sleeps(Code(folder, line)).Count());
    }

    [Theory]
    [InlineData("[Fact(Skip = \"flaky\")]", 1)]
    [InlineData("[Theory(DisplayName = \"A\", Skip=\"flaky\")]", 1)]
    [InlineData("[Fact]", 0)]
    public void A_skipped_test_is_found(string line, int expected)
    {
        Assert.Equal(expected, HygieneRules.SkippedTests(Code("tests", line)).Count());
    }

    [Theory]
    [InlineData("Assert.True(true);", 1)]
    [InlineData("Assert.False(false, \"why\");", 1)]
    [InlineData("Assert.True(trueEnough);", 0)]
    public void An_assertion_of_nothing_is_found(string line, int expected)
    {
        Assert.Equal(expected, HygieneRules.EmptyAssertions(Code("tests", line)).Count());
    }

    [Theory]
    [InlineData("src/A.cs", "int a;\n#pragma warning disable CA1000\n", 1)]
    [InlineData("src/A.cs", "// The author's own name.\n#pragma warning disable CA1000\n", 0)]
    [InlineData("src/A.cs", "#pragma warning disable CA1000\n", 1)]
    [InlineData("src/A.csproj", "<PropertyGroup>\n<NoWarn>NU1605</NoWarn>\n", 1)]
    [InlineData("src/A.csproj", "<!-- The newer one cannot be had. -->\n<NoWarn>NU1605</NoWarn>\n", 0)]
    public void A_suppression_without_a_reason_is_found(string path, string text, int expected)
    {
        Assert.Equal(expected, HygieneRules.UnexplainedSuppressions([new SourceFile(path, text)]).Count());
    }

    [Fact]
    public void The_name_of_a_package_registry_is_found()
    {
        var file = new SourceFile("src/Samples/node/package-lock.json", "{\n\"resolved\": \"https://registry.npmjs" + ".org/a\"\n}\n");

        Assert.Single(HygieneRules.Registries([file]));
    }

    [Theory]
    [InlineData("src/A.cs", "a\n", 0)]
    [InlineData("src/A.cs", "a", 1)]
    [InlineData("src/A.cs", "a\r\n", 1)]
    [InlineData("src/A.cs", "\uFEFFa\n", 1)]
    [InlineData("A.sln", "\uFEFFa\n", 0)]
    [InlineData("src/packages.lock.json", "{}", 0)]
    [InlineData("src/A.cs", "", 0)]
    public void Wrong_line_ends_and_byte_order_marks_are_found(string path, string text, int expected)
    {
        Assert.Equal(expected, HygieneRules.Endings([new SourceFile(path, text)]).Count());
    }

    private static SourceFile[] Code(string folder, string line) => [new SourceFile(folder + "/A.cs", line + "\n")];
}
