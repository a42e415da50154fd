namespace SagaFlow.Tests.Tidy;

public sealed class SnippetRulesTests
{
    private const string Sample = "using A;\n\nvoid B()\n{\n    #region start\n    Start();\n\n    if (b)\n    {\n    }\n    #endregion\n}\n";
    private const string Fence = "```";

    [Fact]
    public void A_block_that_is_the_region_of_a_sample_is_in_order()
    {
        Assert.Empty(Stale("README.md", "<!-- snippet: src/A.cs#start -->", "Start();\n\nif (b)\n{\n}"));
    }

    [Fact]
    public void A_block_that_is_a_whole_file_is_in_order()
    {
        Assert.Empty(Stale("README.md", "<!-- snippet: src/A.cs -->", Sample.TrimEnd()));
    }

    [Theory]
    [InlineData("README.md", "<!-- snippet: src/A.cs#start -->", "Stop();", "README.md:4: the block differs from 'src/A.cs#start'")]
    [InlineData("README.md", "<!-- snippet: src/A.cs#end -->", "Start();", "README.md:4: the snippet 'src/A.cs#end' names a region that does not exist")]
    [InlineData("README.md", "<!-- snippet: src/B.cs -->", "Start();", "README.md:4: the snippet 'src/B.cs' names a file that does not exist")]
    [InlineData("README.md", "As in:", "Start();", "README.md:4: a csharp block without")]
    [InlineData("src/A/README.md", "<!-- snippet: src/A.cs#start -->", "Stop();", "src/A/README.md:4: the block differs")]
    public void A_block_that_no_sample_has_is_found(string document, string mark, string block, string expected)
    {
        Assert.StartsWith(expected, Assert.Single(Stale(document, mark, block)), StringComparison.Ordinal);
    }

    [Fact]
    public void An_unmarked_block_outside_the_front_page_is_free()
    {
        Assert.Empty(Stale("src/A/README.md", "As in:", "Start();"));
    }

    [Theory]
    [InlineData("dotnet run --project src/Samples/Shop", 0)]
    [InlineData("tests/run --fast && ./tests/run", 0)]
    [InlineData("curl -s http://localhost:5000/workflows/src/none", 0)]
    [InlineData("dotnet run --project src/Samples/Gone", 1)]
    [InlineData("cd /tmp\n./tests/runs", 1)]
    public void A_command_that_names_what_is_not_there_is_found(string command, int expected)
    {
        var document = new SourceFile("README.md", $"# A\n\n{Fence}bash\n{command}\n{Fence}\n");

        Assert.Equal(expected, SnippetRules.DeadCommands([document], x => x is "src/Samples/Shop" or "tests/run").Count());
    }

    private static IEnumerable<string> Stale(string path, string mark, string block) => SnippetRules.StaleSnippets(
        [new SourceFile(path, $"# A\n\n{mark}\n{Fence}csharp\n{block}\n{Fence}\n")], x => x == "src/A.cs" ? Sample : null);
}
