using System.Globalization;
using SagaFlow.Activities;
using SagaFlow.Client;
using SagaFlow.Contracts;
using SagaFlow.Storage;
using SagaFlow.Workflows;

namespace SagaFlow.Tests.Workflows;

/// <summary>Two things happen to one attempt at once, on two engines: both have loaded it, one commits first. Each database inherits it
/// with a field of its own. <c>tests/run --races 10000</c> runs as many rounds on each.</summary>
public abstract class RaceSuite : IAsyncLifetime
{
    private const int AtOneInstant = 100;

    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(60);

    private RaceField _field = null!;

    /// <summary>Who commits first, who then finds that it came second, what that one is told, and how the activity ended.</summary>
    public static TheoryData<string, string, Disposition, string> Races => new()
    {
        { "complete", "ring", Disposition.Ignored, "Completed" },
        { "ring", "complete", Disposition.TimedOut, "TimedOut" },
        { "fail", "ring", Disposition.Ignored, "Failed" },
        { "ring", "fail", Disposition.TimedOut, "TimedOut" },
        { "complete", "fail", Disposition.DuplicateConflict, "Completed" },
        { "fail", "complete", Disposition.DuplicateConflict, "Failed" },
        { "complete", "complete", Disposition.Duplicate, "Completed" },
        { "complete", "complete otherwise", Disposition.DuplicateConflict, "Completed" },
        { "complete", "cancel", Disposition.WorkflowClosed, "Completed" },
        { "cancel", "complete", Disposition.Canceled, "Canceled" },
        { "cancel", "ring", Disposition.Ignored, "Canceled" },
        { "ring", "cancel", Disposition.Applied, "TimedOut" },
        { "heartbeat", "ring", Disposition.Applied, "Started" },
        { "ring", "heartbeat", Disposition.ActivityClosed, "TimedOut" },
        { "ring", "ring", Disposition.Ignored, "TimedOut" },
        { "cancel", "cancel", Disposition.Duplicate, "Canceled" },
    };

    /// <summary>Gets how many rounds the race of three has when nobody asks for more.</summary>
    protected abstract int Rounds { get; }

    public async Task InitializeAsync() => _field = await CreateFieldAsync();

    public async Task DisposeAsync() => await _field.DisposeAsync();

    [Theory]
    [MemberData(nameof(Races))]
    [Trait("Req", "REL-R3")]
    [Trait("Req", "REL-R4")]
    [Trait("Req", "REL-R8")]
    [Trait("Req", "REL-R9")]
    [Trait("Req", "REL-R10")]
    [Trait("Req", "REL-R11")]
    [Trait("Req", "REL-R12")]
    [Trait("Req", "REL-R20")]
    [Trait("Req", "REL-K6")]
    [Trait("Req", "REL-I2")]
    [Trait("Req", "REL-I3")]
    public async Task The_first_commit_counts_and_the_other_is_told(string first, string second, Disposition told, string status)
    {
        var review = await StartedAsync("d");
        // The instant of the heartbeat deadline, before its ring has come.
        await _field.AdvanceAsync(Silence);
        var (winner, loser) = (_field.NewEngine(), _field.NewEngine());
        var act = await ActAsync(review, loser, second);
        var other = await ActAsync(review, winner, first);

        loser.BeforeCommit = other;
        var receipt = await act();

        Assert.Equal(told, receipt.Disposition);
        Assert.True(loser.Conflicts > 0, "The two never met.");
        Assert.Equal(status, (await _field.ActivityAsync(review)).Status.ToString());
        Assert.Equal(status == "Started" ? 0 : 1, (await _field.HistoryAsync(review)).Count(IsEndOfAnActivity));
        Assert.Equal(first == "complete" ? """{"text":"fine"}""" : null, (await _field.ActivityAsync(review)).Result);
    }

    [Theory]
    [Trait("Req", "REL-R19")]
    [InlineData("started", "ring", Disposition.Ignored, "Started")]
    [InlineData("ring", "started", Disposition.ActivityClosed, "TimedOut")]
    public async Task A_start_and_the_end_of_the_wait_for_it_are_decided_by_the_first_commit(string first, string second, Disposition told, string status)
    {
        var review = await _field.StartAsync(new ReviewAsked("d") { ScheduleToStartSeconds = 90 });
        await _field.AdvanceAsync(TimeSpan.FromSeconds(90));
        var (winner, loser) = (_field.NewEngine(), _field.NewEngine());
        var act = await ActAsync(review, loser, second);
        var other = await ActAsync(review, winner, first);

        loser.BeforeCommit = other;
        var receipt = await act();

        Assert.Equal((told, told == Disposition.ActivityClosed), (receipt.Disposition, receipt.CancelRequested));
        Assert.Equal(status, (await _field.ActivityAsync(review)).Status.ToString());
        var instance = WorkflowDocument.Read<ReviewInstance>((await _field.FindAsync(review))!);
        Assert.Equal(status == "TimedOut" ? TimeoutType.ScheduleToStart : null, instance.TimedOutBy);
    }

    [Fact]
    [Trait("Category", "Races")]
    [Trait("Req", "REL-R10")]
    [Trait("Req", "REL-R11")]
    [Trait("Req", "REL-I2")]
    public async Task A_completion_a_failure_and_a_ring_at_one_instant_leave_one_end_every_time()
    {
        var rounds = int.Parse(Environment.GetEnvironmentVariable("SAGAFLOW_RACES") ?? $"{Rounds}", CultureInfo.InvariantCulture);
        var engines = new[] { _field.NewEngine(), _field.NewEngine(), _field.NewEngine() };
        for (var round = 0; round < rounds; round += AtOneInstant)
        {
            var reviews = new List<Guid>();
            for (var i = round; i < Math.Min(rounds, round + AtOneInstant); i++)
            {
                reviews.Add(await StartedAsync($"d-{i}"));
            }

            await _field.AdvanceAsync(Silence);
            foreach (var review in reviews)
            {
                await RaceAsync(review, engines);
            }
        }

        Assert.True(engines.Sum(x => x.Conflicts) > 0, "No two ever met.");
    }

    private protected abstract Task<RaceField> CreateFieldAsync();

    private async Task RaceAsync(Guid review, SecondEngine[] engines)
    {
        var acts = new List<Func<Task<Receipt>>>();
        foreach (var what in new[] { "complete", "fail", "ring" })
        {
            acts.Add(await ActAsync(review, engines[acts.Count], what));
        }

        var receipts = await Task.WhenAll(acts.Select(Task.Run));

        Assert.Single(receipts, x => x.Disposition == Disposition.Applied);
        Assert.Single(await _field.HistoryAsync(review), IsEndOfAnActivity);
    }

    private async Task<Guid> StartedAsync(string document)
    {
        var review = await _field.StartAsync(new ReviewAsked(document) { HeartbeatSeconds = Silence.TotalSeconds, MaximumAttempts = 1 });
        await (await ActAsync(review, _field.NewEngine(), "started"))();
        return review;
    }

    private async Task<Func<Task<Receipt>>> ActAsync(Guid review, SecondEngine engine, string what)
    {
        var answer = new ActivityAnswer { Kind = AnswerKind.Completed, TaskToken = _field.TokenOf(review) };
        var activity = await _field.ActivityAsync(review);
        var ring = new ActivityEvent.Ring(activity.Attempt, activity.Due!.Kind, activity.Due.Version);
        return what switch
        {
            "complete" => () => engine.AnswerAsync(answer with { Result = PayloadJson.Write(new Verdict("fine")) }),
            "complete otherwise" => () => engine.AnswerAsync(answer with { Result = PayloadJson.Write(new Verdict("bad")) }),
            "fail" => () => engine.AnswerAsync(answer with { Kind = AnswerKind.Failed, Failure = ActivityFailure.NonRetryable("Odd", "No.") }),
            "started" => () => engine.AnswerAsync(answer with { Kind = AnswerKind.Started }),
            "heartbeat" => () => engine.AnswerAsync(answer with { Kind = AnswerKind.Heartbeat, Sequence = 1 }),
            "cancel" => () => engine.CancelAsync(review),
            _ => () => engine.RingAsync(review, RaceField.ActivityId, ring),
        };
    }

    private static bool IsEndOfAnActivity(HistoryEvent x) =>
        x.Kind is HistoryKind.ActivityCompleted or HistoryKind.ActivityFailed or HistoryKind.ActivityTimedOut or HistoryKind.ActivityCanceled;
}
