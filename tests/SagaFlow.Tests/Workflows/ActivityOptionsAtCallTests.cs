using System.Reflection;
using MassTransit;
using SagaFlow.Testing;

namespace SagaFlow.Tests.Workflows;

/// <summary>Options that cannot work, given where the author gives them: at a call, or at the definition.</summary>
public sealed class ActivityOptionsAtCallTests
{
    private const double TenYears = 3652.0 * 24 * 3600;
    private static readonly ReviewAsked Asked = new("d") { NoHeartbeat = true };

    public static TheoryData<ReviewAsked, string> Bad => new()
    {
        { Asked with { StartToCloseSeconds = 0 }, "StartToCloseTimeout" },
        { Asked with { StartToCloseSeconds = -1 }, "StartToCloseTimeout" },
        { Asked with { ScheduleToStartSeconds = 0 }, "ScheduleToStartTimeout" },
        { Asked with { ScheduleToCloseSeconds = 0.0009 }, "ScheduleToCloseTimeout" },
        { Asked with { ScheduleToCloseSeconds = TenYears + 1 }, "ScheduleToCloseTimeout" },
        { Asked with { NoHeartbeat = false, HeartbeatSeconds = -5 }, "HeartbeatTimeout" },
        { Asked with { InitialIntervalSeconds = 0 }, "Retry.InitialInterval" },
        { Asked with { MaximumIntervalSeconds = -1 }, "Retry.MaximumInterval" },
        { Asked with { InitialIntervalSeconds = 10, MaximumIntervalSeconds = 9 }, "Retry.InitialInterval" },
        { Asked with { MaximumAttempts = 0 }, "Retry.MaximumAttempts" },
        { Asked with { MaximumAttempts = -1 }, "Retry.MaximumAttempts" },
        { Asked with { MaximumAttempts = int.MinValue }, "Retry.MaximumAttempts" },
        { Asked with { BackoffCoefficient = 0 }, "Retry.BackoffCoefficient" },
        { Asked with { BackoffCoefficient = 0.999 }, "Retry.BackoffCoefficient" },
        { Asked with { BackoffCoefficient = 1e308 }, "Retry.BackoffCoefficient" },
        { Asked with { NoHeartbeat = false, HeartbeatSeconds = 60, StartToCloseSeconds = 60 }, "HeartbeatTimeout" },
        { Asked with { StartToCloseSeconds = 61, ScheduleToCloseSeconds = 60 }, "StartToCloseTimeout" },
        { Asked with { NoScheduleToClose = true, StartToCloseSeconds = (24 * 3600) + 1 }, "StartToCloseTimeout" },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    [Trait("Req", "REL-K4")]
    [Trait("Req", "REL-4.6-43")]
    [Trait("Req", "REL-4.6-44")]
    [Trait("Req", "REL-4.6-45")]
    [Trait("Req", "REL-4.6-46")]
    public async Task What_cannot_work_fails_the_workflow_by_name_before_anything_is_asked_for(ReviewAsked asked, string option)
    {
        await using var flow = await StartAsync();

        var review = await flow.StartAsync(asked);

        var failure = await review.ShouldHaveFailedAsync();
        Assert.Equal(nameof(ActivityOptionsException), failure.Type);
        Assert.Contains(option, failure.Message, StringComparison.Ordinal);
        Assert.Empty(flow.Requests);
        Assert.Empty(await review.ActivitiesAsync());
    }

    public static TheoryData<ReviewAsked> Edges =>
    [
        Asked with { ScheduleToCloseSeconds = 0.001 },
        Asked with { ScheduleToCloseSeconds = TenYears },
        Asked with { MaximumAttempts = 1 },
        Asked with { MaximumAttempts = int.MaxValue },
        Asked with { BackoffCoefficient = 1 },
        Asked with { BackoffCoefficient = 1000 },
        Asked with { NoHeartbeat = false, HeartbeatSeconds = 59.999, StartToCloseSeconds = 60 },
        Asked with { StartToCloseSeconds = 60, ScheduleToCloseSeconds = 60 },
        Asked with { NoScheduleToClose = true, StartToCloseSeconds = 24 * 3600 },
    ];

    [Theory]
    [MemberData(nameof(Edges))]
    [Trait("Req", "REL-4.6-43")]
    [Trait("Req", "REL-4.6-44")]
    [Trait("Req", "REL-4.6-45")]
    [Trait("Req", "REL-4.6-46")]
    public async Task What_just_works_is_taken(ReviewAsked asked)
    {
        await using var flow = await StartAsync();

        await flow.StartAsync(asked);

        Assert.Single(flow.Requests);
    }

    public static TheoryData<Type> WrongDefinitions =>
    [
        typeof(Wrong<NoTime>), typeof(Wrong<NoAttempts>), typeof(Wrong<ShrinkingBackOff>), typeof(Wrong<NoNumber>), typeof(Wrong<Contradiction>),
    ];

    [Theory]
    [MemberData(nameof(WrongDefinitions))]
    [Trait("Req", "REL-K4")]
    [Trait("Req", "REL-4.6-43")]
    [Trait("Req", "REL-4.6-44")]
    [Trait("Req", "REL-4.6-45")]
    [Trait("Req", "REL-4.6-46")]
    public async Task A_definition_that_cannot_work_stops_the_start_of_the_engine(Type machine)
    {
        var start = typeof(ActivityOptionsAtCallTests).GetMethod(nameof(StartWrongAsync), BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(machine);

        var error = await Assert.ThrowsAsync<ActivityOptionsException>(() => (Task)start.Invoke(null, null)!);

        Assert.Equal("Work", error.ActivityName);
    }

    [Fact]
    [Trait("Req", "REL-4.6-45")]
    public async Task The_steepest_back_off_stops_at_its_longest_wait()
    {
        await using var flow = await StartAsync();
        var mock = flow.OnActivity(x => x.Review).Fails("Busy", "later").Always();
        await flow.StartAsync(Asked with { BackoffCoefficient = 1000, MaximumIntervalSeconds = 7, ScheduleToCloseSeconds = TenYears });

        await flow.AdvanceAsync(TimeSpan.FromSeconds(1 + (200 * 7)));

        Assert.Equal(2 + 200, mock.Calls.Count);
    }

    [Theory]
    [Trait("Req", "T16")]
    [InlineData(null, null, false)]
    [InlineData(null, 60.0, false)]
    [InlineData(60.0, null, false)]
    [InlineData(60.0, 60.0, true)]
    public async Task A_wait_that_a_dead_worker_would_leave_open_for_ever_is_not_scheduled(double? scheduleToStart, double? startToClose, bool scheduled)
    {
        await using var flow = await StartAsync();

        // With start-to-close alone the engine adds a day, and the wait ends all the same.
        var review = await flow.StartAsync(Asked with
        {
            NoScheduleToClose = true, ScheduleToStartSeconds = scheduleToStart, StartToCloseSeconds = startToClose, MaximumAttempts = 1,
        });

        scheduled |= startToClose is not null;
        Assert.Equal(scheduled ? 1 : 0, flow.Requests.Count);
        if (!scheduled)
        {
            Assert.Contains("could wait for ever", (await review.ShouldHaveFailedAsync()).Message, StringComparison.Ordinal);
            return;
        }

        await flow.AdvanceAsync(TimeSpan.FromDays(1));
        await review.ShouldBeInAsync(x => x.Escalated);
    }

    [Theory]
    [Trait("Req", "T16")]
    [InlineData(true, 600)]
    [InlineData(false, 5 * 3600)]
    public async Task A_worker_that_dies_after_its_start_is_noticed_by_whatever_deadline_there_is(bool startToClose, double noticedAt)
    {
        await using var flow = await StartAsync();
        var review = await flow.StartAsync(Asked with { StartToCloseSeconds = startToClose ? 600 : null, MaximumAttempts = 1 });
        await review.Activity("Review").StartedAsync();

        await flow.AdvanceAsync(TimeSpan.FromSeconds(noticedAt) - TimeSpan.FromTicks(1));
        await review.ShouldBeInAsync(x => x.Review.Pending);
        await flow.AdvanceAsync(TimeSpan.FromTicks(1));

        await review.ShouldBeInAsync(x => x.Escalated);
    }

    [Fact]
    [Trait("Req", "T19")]
    public async Task A_worker_that_dies_after_two_hours_of_five_is_replaced_within_a_minute_and_the_work_goes_on_from_its_checkpoint()
    {
        await using var flow = await StartAsync();
        var review = await flow.StartAsync(new ReviewAsked("d")
        {
            HeartbeatSeconds = 60, StartToCloseSeconds = (5 * 3600) + 60, ScheduleToCloseSeconds = 24 * 3600,
        });
        await review.Activity("Review").StartedAsync();
        for (var minute = 1; minute <= 120; minute++)
        {
            await flow.AdvanceAsync(TimeSpan.FromMinutes(1) - TimeSpan.FromTicks(1));
            await review.Activity("Review").HeartbeatAsync(minute);
        }

        await flow.AdvanceAsync(TimeSpan.FromMinutes(1));
        var noticed = (await review.ActivitiesAsync())[0].Status;
        await flow.AdvanceAsync(TimeSpan.FromSeconds(1));
        var next = review.Activity("Review").Request;
        // The whole five hours are the next attempt's as well.
        await review.Activity("Review").StartedAsync();
        for (var minute = 1; minute <= 300; minute++)
        {
            await flow.AdvanceAsync(TimeSpan.FromMinutes(1) - TimeSpan.FromTicks(1));
            await review.Activity("Review").HeartbeatAsync(120 + minute);
        }

        Assert.Equal(("BackingOff", 2, "120"), (noticed, next.Attempt, next.Checkpoint?.GetRawText()));
        await review.Activity("Review").CompleteAsync(new Verdict("fine"));
        Assert.Equal(new Verdict("fine"), await review.ShouldBeCompletedAsync<Verdict>());
    }

    private static Task StartWrongAsync<TMachine>()
        where TMachine : WorkflowStateMachine<WrongInstance> =>
        SagaFlowHarness.StartAsync(x => x.AddWorkflow<TMachine, WrongInstance>("wrong"));

    private static Task<SagaFlowHarness<ReviewWorkflow, ReviewInstance>> StartAsync() =>
        SagaFlowHarness.StartAsync(x => x.AddWorkflow<ReviewWorkflow, ReviewInstance>());

    public sealed class Wrong<TMistake> : WorkflowStateMachine<WrongInstance>
        where TMistake : IMistake
    {
        public Wrong()
        {
            StartedBy(() => WorkWanted, x => x.BusinessKey(m => m.Key));
            Activity(() => Work, TMistake.Make);
            Initially(When(WorkWanted).ExecuteActivity(Work, x => x.Message.Key).TransitionTo(Work.Pending));
        }

        public Event<WorkWanted> WorkWanted { get; private set; } = null!;

        public Activity<string, string> Work { get; private set; } = null!;
    }

    public interface IMistake
    {
        static abstract void Make(ActivityOptions options);
    }

    public sealed class NoTime : IMistake
    {
        public static void Make(ActivityOptions options) => options.ScheduleToCloseTimeout = TimeSpan.Zero;
    }

    public sealed class NoAttempts : IMistake
    {
        public static void Make(ActivityOptions options) => options.Retry.MaximumAttempts = 0;
    }

    public sealed class ShrinkingBackOff : IMistake
    {
        public static void Make(ActivityOptions options) => options.Retry.BackoffCoefficient = 0.5;
    }

    public sealed class NoNumber : IMistake
    {
        public static void Make(ActivityOptions options) => options.Retry.BackoffCoefficient = double.NaN;
    }

    public sealed class Contradiction : IMistake
    {
        public static void Make(ActivityOptions options) =>
            (options.HeartbeatTimeout, options.StartToCloseTimeout) = (TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(1));
    }

    public sealed class WrongInstance : WorkflowInstance;

    public sealed record WorkWanted(string Key);
}
