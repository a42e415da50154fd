using SagaFlow.Contracts;
using SagaFlow.Hosting;
using SagaFlow.Storage;
using SagaFlow.Testing;
using SagaFlow.Tests.Workflows;
using SagaFlow.Timeouts;

namespace SagaFlow.Tests.Hosting;

/// <summary>An engine that was silent, because its database was away or its process stood still, lets queued answers come before deadlines.</summary>
public sealed class EnginePulseTests
{
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Theory]
    [Trait("Req", "REL-R3")]
    [InlineData(-1, Disposition.TimedOut)]
    [InlineData(0, Disposition.TimedOut)]
    [InlineData(1, Disposition.Applied)]
    public async Task Deadlines_of_a_silence_of_more_than_fifteen_seconds_wait_for_the_answers(int ticksAround, Disposition expected)
    {
        await using var flow = await StartAsync();
        var review = await flow.StartAsync(new ReviewAsked("d") { NoHeartbeat = true, ScheduleToCloseSeconds = 10 });
        await flow.Engine.Get<EnginePulse>().SayAsync(default);

        await SweepAfterAsync(flow.Engine, (15 * Second) + (ticksAround * Tick));
        var receipt = await review.Activity("Review").CompleteAsync(new Verdict("fine"));

        Assert.Equal(expected, receipt.Disposition);
    }

    [Fact]
    [Trait("Req", "REL-R3")]
    public async Task The_grace_ends_half_a_minute_after_the_silence()
    {
        await using var flow = await StartAsync();
        var review = await flow.StartAsync(new ReviewAsked("d") { NoHeartbeat = true, ScheduleToCloseSeconds = 10 });
        await flow.Engine.Get<EnginePulse>().SayAsync(default);
        await SweepAfterAsync(flow.Engine, 60 * Second);

        await SweepAfterAsync(flow.Engine, (15 * Second) - Tick);
        await SweepAfterAsync(flow.Engine, 15 * Second);
        var before = review.Instance.TimedOutBy;
        await SweepAfterAsync(flow.Engine, Tick);

        Assert.Equal((null, TimeoutType.ScheduleToClose), (before, review.Instance.TimedOutBy));
    }

    [Fact]
    [Trait("Req", "REL-R3")]
    public async Task A_silence_in_which_another_engine_was_alive_gives_no_grace()
    {
        await using var flow = await StartAsync();
        var review = await flow.StartAsync(new ReviewAsked("d") { NoHeartbeat = true, ScheduleToCloseSeconds = 10 });
        await flow.Engine.Get<EnginePulse>().SayAsync(default);

        flow.Engine.Clock.AdvanceTo(flow.Now + (50 * Second));
        await flow.Engine.Get<IEngineRegister>().SayAliveAsync("another", flow.Engine.Clock.GetUtcNow(), default);
        await SweepAfterAsync(flow.Engine, 10 * Second);

        Assert.Equal(TimeoutType.ScheduleToClose, review.Instance.TimedOutBy);
    }

    private static Task<SagaFlowHarness<ReviewWorkflow, ReviewInstance>> StartAsync() =>
        SagaFlowHarness.StartAsync(x => x.AddWorkflow<ReviewWorkflow, ReviewInstance>());

    // As the alarm clock does, and as an engine that lives says every five seconds.
    private static async Task SweepAfterAsync(HarnessEngine engine, TimeSpan silence)
    {
        engine.Clock.AdvanceTo(engine.Clock.GetUtcNow() + silence);
        await engine.Get<DueSweep>().RunAsync(default, engine.Get<EnginePulse>().CheckAsync);
        await engine.RunUntilIdleAsync();
        await engine.Get<EnginePulse>().SayAsync(default);
    }
}
