using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;
using SagaFlow.Activities;
using SagaFlow.Contracts;
using SagaFlow.Diagnostics;

namespace SagaFlow.Tests.Activities;

public sealed class ActivityLawsTests
{
    private static readonly ulong[] FixedSeeds = [1, 20_260_101, 987_654_321];

    public static TheoryData<string> Laws => [.. ActivityLaws.All.Select(x => x.Name)];

    [Theory]
    [MemberData(nameof(Laws))]
    [Trait("Req", "T5")]
    [Trait("Req", "T10")]
    [Trait("Req", "REL-I2")]
    [Trait("Req", "REL-I4")]
    [Trait("Req", "REL-I5")]
    [Trait("Req", "REL-I6")]
    [Trait("Req", "REL-I8")]
    [Trait("Req", "REL-I9")]
    [Trait("Req", "REL-I11")]
    [Trait("Req", "REL-K6")]
    public void A_law_holds_for_random_lives(string name)
    {
        foreach (var seed in FixedSeeds)
        {
            Check(name, Replay(seed), runs: 200);
        }

        Check(name, FreshSeed, runs: 200);
    }

#if DEBUG
    [Theory]
    [MemberData(nameof(Laws))]
    public void A_law_sees_the_bug_that_breaks_it(string name)
    {
        using var bug = Mutants.Enable(ActivityLaws.All.Single(x => x.Name == name).Mutant);

        var broken = Record.Exception(() => Check(name, Replay(FixedSeeds[0]), runs: 2_000));

        Assert.NotNull(broken);
        Assert.Contains($"Broken: {name}", broken.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_named_bug_that_breaks_a_law_of_the_core_is_seen_by_it() =>
        Assert.Equal(Enum.GetValues<Mutant>().Where(x => x <= Mutant.LateResultAlwaysCounts), ActivityLaws.All.Select(x => x.Mutant).Order());
#endif

    [Fact]
    public void Random_lives_reach_every_outcome()
    {
        var lives = ScenarioGenerator.Scenarios.Sample(60, new Rnd(FixedSeeds[0]), 2_000).Select(Trace.Play).ToList();

        var entries = lives.SelectMany(x => x.Entries).ToList();
        var closings = lives.SelectMany(x => x.Effects<ActivityEffect.AttemptClosed>()).ToList();

        Assert.Superset(Enum.GetValues<ActivityStatus>().ToHashSet(), entries.Select(x => x.After.Status).ToHashSet());
        Assert.Superset(Enum.GetValues<AttemptEnd>().ToHashSet(), closings.Select(x => x.Effect.How).ToHashSet());
        Assert.Superset(Enum.GetValues<TimeoutType>().Cast<TimeoutType?>().ToHashSet(), closings.Select(x => x.Effect.Timeout).ToHashSet());
        Assert.Superset(AnswersOfTheCore, entries.Select(x => x.Decision.Disposition).ToHashSet());
        Assert.True(lives.Max(x => x.Last.Attempt) > 5, "No life has more than five attempts.");
        Assert.True(lives.Any(x => x.Effects<ActivityEffect.DeadlineMoved>().Any()), "No life has a blackout.");
    }

    private static HashSet<Disposition> AnswersOfTheCore =>
    [
        Disposition.Applied, Disposition.Duplicate, Disposition.Ignored, Disposition.DuplicateConflict, Disposition.StaleAttempt,
        Disposition.TimedOut, Disposition.Canceled, Disposition.ActivityClosed, Disposition.WorkflowClosed,
    ];

    private static FSharpOption<Replay>? FreshSeed => null;

    private static FSharpOption<Replay> Replay(ulong seed) => new(new Replay(new Rnd(seed), FSharpOption<int>.None));

    /// <summary>On failure the exception shows the shortest scenario found and the seed to replay it with.</summary>
    private static void Check(string name, FSharpOption<Replay>? replay, int runs)
    {
        var law = ActivityLaws.All.Single(x => x.Name == name);
        var config = Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(runs).WithReplay(replay);
        FsCheck.Check.One(config, Prop.ForAll(ScenarioGenerator.Arbitrary, scenario => Obey(law, scenario)));
    }

    private static void Obey(Law law, Scenario scenario)
    {
        var trace = Trace.Play(scenario);
        if (law.Violations(trace).FirstOrDefault() is { } broken)
        {
            Assert.Fail($"Broken: {law.Name}\nby: {broken}\nin:\n{trace}");
        }
    }
}
