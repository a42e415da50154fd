using SagaFlow.Activities;
using SagaFlow.Contracts;
using SagaFlow.Testing;
using SagaFlow.Tests.Worker;
using SagaFlow.Worker;

namespace SagaFlow.Tests.Workflows;

/// <summary>Whoever reports progress holds a token with which he can do nothing else. The heartbeat timeout is one minute.</summary>
[Trait("Req", "M1")]
public sealed class HeartbeatTokenTests
{
    private static readonly SurveyAsked Asked = new("site-1");

    [Fact]
    [Trait("Req", "E11")]
    public async Task A_heartbeat_token_keeps_the_activity_alive_and_ends_it_in_no_way()
    {
        await using var flow = await SagaFlowHarness.StartAsync(x => x.AddWorkflow<SurveyWorkflow, SurveyInstance>());
        var survey = await flow.StartAsync(Asked);
        await survey.Activity("Survey").StartedAsync();
        var token = survey.Activity("Survey").Request.HeartbeatToken!;

        var forbidden = await flow.AnswerAsync(new ActivityAnswer { Kind = AnswerKind.Canceled, TaskToken = token });
        for (var minute = 0; minute < 10; minute++)
        {
            await flow.AdvanceAsync(TimeSpan.FromSeconds(59));
            Assert.Equal(Disposition.Applied, (await flow.AnswerAsync(Beat(token, minute))).Disposition);
        }

        Assert.Equal(Disposition.Forbidden, forbidden.Disposition);
        Assert.Equal(1, survey.Activity("Survey").Request.Attempt);
    }

    [Fact]
    public async Task A_heartbeat_token_dies_with_its_attempt()
    {
        await using var flow = await SagaFlowHarness.StartAsync(x => x.AddWorkflow<SurveyWorkflow, SurveyInstance>());
        var survey = await flow.StartAsync(Asked);
        var token = survey.Activity("Survey").Request.HeartbeatToken!;

        await survey.Activity("Survey").FailAsync("Rain", "Too wet");
        await flow.AdvanceAsync(TimeSpan.FromMinutes(2));
        var late = await flow.AnswerAsync(Beat(token, 1));

        Assert.Equal((Disposition.StaleAttempt, true), (late.Disposition, late.CancelRequested));
        Assert.NotEqual(token, survey.Activity("Survey").Request.HeartbeatToken);
    }

    [Fact]
    public async Task A_request_carries_a_heartbeat_token_only_where_the_author_asks_for_one()
    {
        await using var flow = await SagaFlowHarness.StartAsync(x => x.AddWorkflow<OrderWorkflow, OrderInstance>());

        await flow.StartAsync(new OrderPlaced("A-1", "lamp"));

        Assert.All(flow.Requests, x => Assert.Null(x.HeartbeatToken));
    }

    [Fact]
    public void A_heartbeat_token_without_a_heartbeat_timeout_is_refused()
    {
        var options = new ActivityOptions { HeartbeatToken = true, StartToCloseTimeout = TimeSpan.FromHours(1) };

        var refused = Assert.Throws<ActivityOptionsException>(() => ActivityOptionsValidator.Validate("Survey", options));

        Assert.Contains("HeartbeatToken is set without a HeartbeatTimeout", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Req", "E17")]
    public async Task A_handler_reads_the_heartbeat_token_from_its_context()
    {
        using var worker = new RunnerFixture();
        string? seen = null;
        worker.Script.Run = (context, _) =>
        {
            seen = context.HeartbeatToken;
            return Task.FromResult<ActivityOutcome<Worker.TransmitReceipt>>(ActivityOutcome.Pending);
        };

        await worker.RunAsync(worker.Request() with { HeartbeatToken = "sf1.k1.AQID.BAUG" });

        Assert.Equal("sf1.k1.AQID.BAUG", seen);
    }

    private static ActivityAnswer Beat(string token, long sequence) =>
        new() { Kind = AnswerKind.Heartbeat, TaskToken = token, Sequence = sequence };
}
