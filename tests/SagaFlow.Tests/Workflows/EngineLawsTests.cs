using SagaFlow.Activities;
using SagaFlow.Client;
using SagaFlow.Contracts;
using SagaFlow.Diagnostics;
using SagaFlow.Testing;

namespace SagaFlow.Tests.Workflows;

/// <summary>What holds for every life of a workflow, seen from outside: by its receipts, its history and its descriptions.</summary>
public sealed class EngineLawsTests
{
    private const int Lives = 60;
    private const int Steps = 25;
    private static readonly string[] Ends = ["WorkflowCompleted", "WorkflowFailed", "WorkflowCanceled", "WorkflowTimedOut"];
    private static readonly string[] ActivityEnds = ["ActivityCompleted", "ActivityFailed", "ActivityTimedOut", "ActivityCanceled"];
    private static readonly string[] AttemptEnds = ["AttemptFailed", "AttemptTimedOut", "AttemptReleased"];

    [Fact]
    [Trait("Req", "REL-I1")]
    [Trait("Req", "REL-I2")]
    [Trait("Req", "REL-I3")]
    [Trait("Req", "REL-I4")]
    [Trait("Req", "REL-I5")]
    [Trait("Req", "REL-I6")]
    [Trait("Req", "REL-I8")]
    [Trait("Req", "REL-I9")]
    [Trait("Req", "REL-I11")]
    [Trait("Req", "REL-K6")]
    public async Task The_laws_of_an_activity_hold_in_every_random_life()
    {
        await using var flow = await SagaFlowHarness.StartAsync(x => x.AddWorkflow<ReviewWorkflow, ReviewInstance>());
        var seen = new HashSet<string>();
        for (var seed = 1; seed <= Lives; seed++)
        {
            var life = new EngineLife(flow, seed);
            await life.PlayAsync(Steps);

            var history = await life.Review.HistoryAsync();
            Assert.Empty((await ViolationsAsync(life, history)).Select(x => $"{x} in {life}\n{history}"));
            seen.UnionWith(history.Select(x => x.Kind));
        }

        // Lives in which nothing happens would prove nothing.
        Assert.Superset(ActivityEnds.Concat(AttemptEnds).Append("AttemptScheduled").Append("AttemptStarted").ToHashSet(), seen);
    }

#if DEBUG
    [Theory]
    [InlineData(nameof(Mutant.ClosedAttemptAnswersAgain), "I2")]
    [InlineData(nameof(Mutant.AttemptUnchecked), "I6")]
    [InlineData(nameof(Mutant.FiresEarly), "I9")]
    [InlineData(nameof(Mutant.ScheduleToCloseRestarts), "I8")]
    [InlineData(nameof(Mutant.MaximumAttemptsOffByOne), "I4")]
    [InlineData(nameof(Mutant.BackoffOverflows), "I5")]
    public async Task A_law_sees_a_bug_of_the_core(string bug, string law)
    {
        using var enabled = Mutants.Enable(Enum.Parse<Mutant>(bug));
        await using var flow = await SagaFlowHarness.StartAsync(x => x.AddWorkflow<ReviewWorkflow, ReviewInstance>());
        var broken = new List<string>();

        for (var seed = 1; seed <= Lives && !broken.Exists(x => x.StartsWith(law, StringComparison.Ordinal)); seed++)
        {
            var life = new EngineLife(flow, seed);
            await life.PlayAsync(Steps);
            broken.AddRange(await ViolationsAsync(life, await life.Review.HistoryAsync()));
        }

        Assert.Contains(broken, x => x.StartsWith(law, StringComparison.Ordinal));
    }
#endif

    private static async Task<IReadOnlyList<string>> ViolationsAsync(EngineLife life, WorkflowHistory history)
    {
        var activity = (await life.Review.ActivitiesAsync())[0];
        var ended = history.Where(x => Ends.Contains(x.Kind)).ToList();
        var closings = history.Where(x => ActivityEnds.Contains(x.Kind) || AttemptEnds.Contains(x.Kind)).ToList();
        var opened = history.Where(x => x.Kind is "ActivityScheduled" or "AttemptScheduled").ToList();
        var released = closings.Count(x => x.Kind == "AttemptReleased");
        (string Law, bool Holds)[] laws =
        [
            ("I1: one end of the workflow, and nothing but its activity's after it",
                ended.Count <= 1 && history.SkipWhile(x => !Ends.Contains(x.Kind)).Skip(1).All(x => x.Kind == "ActivityCanceled")),
            ("I2: an attempt closes once", closings.GroupBy(x => x.Attempt).All(x => x.Count() <= (IsEndBetweenAttempts(x) ? 2 : 1))),
            ("I3: the first result stays", activity.Result?.GetProperty("text").GetString() == life.FirstResult),
            ("I4: attempts are 1, 2, 3", opened.Select((x, i) => x.Attempt == i + 1).All(x => x)),
            ("I4: an attempt opens after the end of the one before it", opened.Skip(1).All(x => EndOf(closings, x.Attempt - 1)?.At <= x.At)),
            ("I4: no more attempts than allowed", opened.Count - released <= (life.Asked.MaximumAttempts ?? int.MaxValue)),
            ("I4: none follows the end", history.SkipWhile(x => !ActivityEnds.Contains(x.Kind)).All(x => x.Kind != "AttemptScheduled")),
            ("I5: the pause is the policy's", opened.Skip(1).All(x => IsPause(EndOf(closings, x.Attempt - 1)!, x, closings))),
            ("I6: an earlier attempt's token changes nothing", !life.Stale.Contains(Disposition.Applied)),
            ("I8: the earliest deadline is armed", life.WrongDeadlines.Count == 0),
            ("I9: no timeout comes early", closings.Where(x => x.Kind.EndsWith("TimedOut", StringComparison.Ordinal)).All(x => !IsEarly(x, life, history))),
            ("I11: a heartbeat moves no deadline", life.DeadlinesMovedByHeartbeats == 0),
        ];
        return [.. laws.Where(x => !x.Holds).Select(x => x.Law), .. life.WrongDeadlines];
    }

    // When the workflow ends, or schedule-to-close passes, between two attempts, the activity's end stands under the last one's number.
    private static bool IsEndBetweenAttempts(IEnumerable<WorkflowHistoryEvent> closings) =>
        AttemptEnds.Contains(closings.First().Kind) && closings.Last().Kind is "ActivityCanceled" or "ActivityTimedOut";

    private static WorkflowHistoryEvent? EndOf(IEnumerable<WorkflowHistoryEvent> closings, int? attempt) => closings.FirstOrDefault(x => x.Attempt == attempt);

    private static bool IsPause(WorkflowHistoryEvent closed, WorkflowHistoryEvent opened, IEnumerable<WorkflowHistoryEvent> closings)
    {
        var releases = closings.Count(x => x.Kind == "AttemptReleased" && x.Attempt <= closed.Attempt);
        var expected = closed.Kind == "AttemptReleased" ? 0 : Math.Min(2 * Math.Pow(2, closed.Attempt!.Value - releases - 1), 5);
        var pause = (opened.At - closed.At).TotalSeconds;
        // A restart takes a second to its first sweep.
        return pause >= expected && pause <= expected + 1;
    }

    private static bool IsEarly(WorkflowHistoryEvent timedOut, EngineLife life, WorkflowHistory history)
    {
        var before = history.TakeWhile(x => x != timedOut).ToList();
        var handedOut = before.Last(x => x.Kind is "ActivityScheduled" or "AttemptScheduled").At;
        var started = before.LastOrDefault(x => x.Kind == "AttemptStarted" && x.Attempt == timedOut.Attempt)?.At;
        var (from, seconds) = timedOut.Data!.Value.GetProperty("timeoutType").GetString() switch
        {
            "ScheduleToStart" => (handedOut, life.Asked.ScheduleToStartSeconds),
            "StartToClose" => (started, life.Asked.StartToCloseSeconds),
            "Heartbeat" => (started, life.Asked.HeartbeatSeconds),
            _ => (before.First(x => x.Kind == "ActivityScheduled").At, life.Asked.ScheduleToCloseSeconds),
        };
        return timedOut.At < from + TimeSpan.FromSeconds(seconds!.Value);
    }
}
