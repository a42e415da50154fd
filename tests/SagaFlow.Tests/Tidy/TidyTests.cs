using Xunit.Abstractions;

namespace SagaFlow.Tests.Tidy;

/// <summary>The rules of this repository that no analyser knows, held against the repository itself.</summary>
public sealed class TidyTests(ITestOutputHelper output)
{
    [Fact]
    public void No_file_is_too_long()
    {
        foreach (var file in SizeRules.LongFiles(Repository.Files, SizeRules.FileLinesAimedFor))
        {
            output.WriteLine(file);
        }

        NothingFound(SizeRules.LongFiles(Repository.Files));
    }

    [Fact]
    public void No_method_is_too_long() => NothingFound(SizeRules.LongMethods(Repository.Files));

    [Fact]
    public void A_public_type_has_a_file_of_its_own_with_its_name() => NothingFound(SizeRules.PublicTypes(Repository.Files));

    [Fact]
    public void Projects_refer_to_each_other_along_the_arrows() => NothingFound(ProjectRules.WrongReferences(Repository.Files));

    [Fact]
    public void No_project_under_src_refers_to_a_test_package() => NothingFound(ProjectRules.TestPackageReferences(Repository.Files));

    [Fact]
    public void An_event_id_has_one_meaning_in_a_declared_band() => NothingFound(
    [
        .. EventIdRules.RepeatedIds(Repository.Files),
        .. EventIdRules.IdsOutsideBands(Repository.Files),
        .. EventIdRules.SharedBands(Repository.Files),
        .. EventIdRules.BareIds(Repository.Files),
    ]);

    [Fact]
    public void Code_in_the_documents_is_the_code_of_the_samples() => NothingFound(SnippetRules.StaleSnippets(Repository.Files, Read));

    [Fact]
    public void Commands_in_the_documents_name_what_exists() => NothingFound(SnippetRules.DeadCommands(Repository.Files, Repository.Exists));

    [Fact]
    public void Every_cited_requirement_is_a_row_with_the_right_status()
    {
        var table = Repository.Files.Single(x => x.Path == RequirementRules.Table);

        NothingFound(
        [
            .. RequirementRules.RepeatedNumbers(table),
            .. RequirementRules.UnknownStatuses(table),
            .. RequirementRules.UnknownNumbers(Repository.Files, table),
            .. RequirementRules.WrongStatuses(Repository.Files, table),
        ]);
    }

    [Fact]
    public void The_simulators_oracle_shares_no_code_with_the_engine() => NothingFound(OracleRules.SharedCode(Repository.Files));

    [Fact]
    public void Nothing_is_left_for_later() => NothingFound(
    [
        .. HygieneRules.UnfinishedWork(Repository.Files),
        .. HygieneRules.MissingImplementations(Repository.Files),
    ]);

    [Fact]
    public void No_code_reads_the_clock_of_the_machine() => NothingFound(HygieneRules.WallClocks(Repository.Files));

    [Fact]
    public void No_test_sleeps_is_skipped_or_asserts_nothing() => NothingFound(
    [
        .. HygieneRules.Sleeps(Repository.Files),
        .. HygieneRules.SkippedTests(Repository.Files),
        .. HygieneRules.EmptyAssertions(Repository.Files),
    ]);

    [Fact]
    public void Every_suppressed_warning_has_its_reason() => NothingFound(HygieneRules.UnexplainedSuppressions(Repository.Files));

    [Fact]
    public void No_file_names_a_package_registry() => NothingFound(HygieneRules.Registries(Repository.Files));

    [Fact]
    public void Text_files_have_plain_line_ends_and_no_byte_order_mark() => NothingFound(HygieneRules.Endings(Repository.Files));

    private static string? Read(string path) => Repository.Files.FirstOrDefault(x => x.Path == path)?.Text;

    private static void NothingFound(IEnumerable<string> findings)
    {
        var list = findings.ToList();
        Assert.True(list.Count == 0, $"{list.Count} found:\n{string.Join('\n', list)}");
    }
}
