namespace SagaFlow.Tests.Tidy;

public sealed class RequirementRulesTests
{
    private static readonly SourceFile Table = new(RequirementRules.Table,
        """
        | No. | Requirement | Status |
        | --- | --- | --- |
        | T1 | One `a` or b. | done |
        | T2 | Two. | |
        | REL-R7 | Three. | part |
        """);

    [Fact]
    public void Rows_are_read_with_their_status()
    {
        Assert.Equal([("T1", "done"), ("T2", ""), ("REL-R7", "part")], RequirementRules.Rows(Table));
    }

    [Fact]
    public void A_number_may_name_a_section_with_a_dot()
    {
        Assert.Equal([("REL-4.6-14", "done")], RequirementRules.Rows(new SourceFile(RequirementRules.Table, "| REL-4.6-14 | Fourteen. | done |")));
    }

    [Fact]
    public void A_cited_number_without_a_row_is_found()
    {
        Assert.Equal(
            ["tests/A.cs:2: cites 'T3', which is no row of tests/REQUIREMENTS.md"],
            RequirementRules.UnknownNumbers([Tests("T1", "T3")], Table));
    }

    [Fact]
    public void A_citation_inside_a_literal_is_none()
    {
        var file = new SourceFile("tests/A.cs", "var a = \"\"\"[Trait(\"Req\", \"T3\")]\"\"\";");

        Assert.Empty(RequirementRules.UnknownNumbers([file], Table));
    }

    [Fact]
    public void A_row_marked_without_a_citation_and_a_cited_row_without_a_mark_are_found()
    {
        Assert.Equal(
            [
                "unmark T1: it is marked done, but no test cites it",
                "mark T2 as done (it holds) or part (it holds in part): cited by tests/A.cs:1",
            ],
            RequirementRules.WrongStatuses([Tests("T2", "REL-R7")], Table));
    }

    [Fact]
    public void A_status_and_a_number_mean_one_thing()
    {
        var table = new SourceFile(RequirementRules.Table, "| T1 | One. | almost |\n| T1 | One again. | done |\n");

        Assert.Single(RequirementRules.UnknownStatuses(table));
        Assert.Single(RequirementRules.RepeatedNumbers(table));
    }

    private static SourceFile Tests(params string[] numbers) => new("tests/A.cs", string.Concat(numbers.Select(x => $"[Trait(\"Req\", \"{x}\")]\n")));
}
