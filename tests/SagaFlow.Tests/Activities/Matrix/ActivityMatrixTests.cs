using System.Text;
using SagaFlow.Activities;
using SagaFlow.Diagnostics;
using SagaFlow.Tests.Tidy;

namespace SagaFlow.Tests.Activities.Matrix;

/// <summary>Every kind of state an activity can be in, times everything that can happen to it.</summary>
public sealed class ActivityMatrixTests
{
    private const string Table = "tests/SagaFlow.Tests/Activities/Matrix/ActivityMatrix.txt";

    public static TheoryData<string> States => [.. MatrixStates.All.Select(x => x.Name)];

    [Fact]
    [Trait("Req", "REL-I2")]
    [Trait("Req", "REL-I6")]
    [Trait("Req", "REL-K6")]
    [Trait("Req", "P10")]
    public void Every_cell_is_the_one_that_was_reviewed() => Snapshot.Verify(Table, Render(), "ActivityMatrix");

    [Theory]
    [MemberData(nameof(States))]
    [Trait("Req", "P10")]
    [Trait("Req", "REL-I6")]
    [Trait("Req", "REL-R4")]
    [Trait("Req", "REL-R5")]
    [Trait("Req", "REL-R7")]
    [Trait("Req", "REL-R9")]
    [Trait("Req", "REL-R16")]
    public void Every_cell_follows_the_published_precedence(string state) => Assert.Empty(Disagreements(state));

    [Theory]
    [MemberData(nameof(States))]
    public void A_state_is_what_its_name_says(string state)
    {
        var (_, standing, reach) = MatrixStates.All.Single(x => x.Name == state);

        var reached = reach().State;

        Assert.Equal((standing.Status, standing.Attempt, standing.CancelRequested), (reached.Status, reached.Attempt, reached.CancelRequested));
        Assert.Equal(standing.Due, reached.Due?.Kind);
        Assert.Equal(standing.Endings.Select(x => (x.Attempt, x.How)), reached.ClosedAttempts.Select(x => (x.Attempt, x.How)));
    }

    [Fact]
    public void Every_status_every_deadline_and_every_end_of_an_attempt_is_among_the_states()
    {
        var standings = MatrixStates.All.Select(x => x.Standing).ToList();

        Assert.Equal(Enum.GetValues<ActivityStatus>(), standings.Select(x => x.Status).Distinct().Order());
        Assert.Equal(Enum.GetValues<DeadlineKind>(), standings.Select(x => x.Due).OfType<DeadlineKind>().Distinct().Order());
        Assert.Equal(Enum.GetValues<AttemptEnd>(), standings.SelectMany(x => x.Endings).Select(x => x.How).Distinct().Order());
        Assert.Equal(Enum.GetValues<LateAttemptPolicy>(), standings.Select(x => x.Late).Distinct().Order());
    }

    [Fact]
    public void What_changes_nothing_leaves_the_same_state_and_no_effect() =>
        Assert.All(MatrixCell.All, cell =>
        {
            var changed = cell.Decision.Disposition is SagaFlow.Contracts.Disposition.Applied;
            Assert.Equal(changed, !ReferenceEquals(cell.Before, cell.Decision.State));
            Assert.True(changed || cell.Decision.Effects.Count == 0, cell.Line);
        });

#if DEBUG
    [Theory]
    [InlineData(nameof(Mutant.SkipsAttemptNumber))]
    [InlineData(nameof(Mutant.AttemptClosesTwice))]
    [InlineData(nameof(Mutant.ClosedAttemptAnswersAgain))]
    [InlineData(nameof(Mutant.AttemptUnchecked))]
    [InlineData(nameof(Mutant.DueVersionUnchecked))]
    [InlineData(nameof(Mutant.FiresEarly))]
    [InlineData(nameof(Mutant.OpensAfterScheduleToClose))]
    [InlineData(nameof(Mutant.MaximumAttemptsOffByOne))]
    [InlineData(nameof(Mutant.LateResultAlwaysCounts))]
    public void The_precedence_sees_a_bug_of_the_core(string bug)
    {
        using var enabled = Mutants.Enable(Enum.Parse<Mutant>(bug));

        var disagreements = MatrixStates.All.SelectMany(x => Disagreements(x.Name));

        Assert.NotEmpty(disagreements);
    }
#endif

    private static IReadOnlyList<string> Disagreements(string state) =>
    [
        .. from cell in MatrixCell.All
           where cell.State.Name == state
           let expected = Expectation.Of(cell.State.Standing, cell.Event)
           let decided = Expected.Of(cell.Decision)
           where expected != decided
           select $"{cell.Event.Name}: expected {expected}, decided {decided}",
    ];

    private static string Render()
    {
        var text = new StringBuilder("# What the core decides: event, what its sender is told, where the activity stands then, what else happens.\n");
        foreach (var group in MatrixCell.All.GroupBy(x => x.State.Name))
        {
            text.Append($"\n## {group.Key}\n");
            text.AppendJoin("", group.Select(x => $"{x.Line}\n"));
        }

        return text.ToString();
    }
}
