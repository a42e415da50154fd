using SagaFlow.Contracts;
using SagaFlow.Worker;

namespace SagaFlow.Tests.Worker;

[Trait("Req", "E29")]
public sealed class WorkerMetricsTests : IDisposable
{
    // Other tests measure at the same time: only what this type of workflow brought about counts.
    private const string Type = "measured-order";
    private readonly RunnerFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Theory]
    [InlineData(true, "pending", "True")]
    [InlineData(false, "completed", "False")]
    public async Task A_handler_s_run_is_measured_with_what_it_came_to(bool pending, string outcome, string isAsync)
    {
        var type = $"{Type}-{outcome}";
        using var measured = new Measurements(type);
        _fixture.Script.Run = (_, _) =>
        {
            _fixture.Time.Advance(TimeSpan.FromSeconds(7));
            return Task.FromResult<ActivityOutcome<TransmitReceipt>>(pending ? ActivityOutcome.Pending : new TransmitReceipt("000123"));
        };

        await _fixture.RunAsync(_fixture.Request() with { WorkflowType = type });

        Assert.Equal(
            [7.0], measured.Of("sagaflow.worker.run.duration", "activity=TransmitOrder", $"outcome={outcome}", $"async={isAsync}"));
    }

    [Fact]
    public async Task A_claim_that_nobody_answers_is_measured_as_such()
    {
        using var measured = new Measurements(Type);
        using var claiming = new RunnerFixture(claims: true);
        claiming.Sink.ClaimReceipt = null;

        await Assert.ThrowsAsync<TimeoutException>(() => claiming.RunAsync(claiming.Request() with { WorkflowType = Type }));

        Assert.Equal([0.0], measured.Of("sagaflow.worker.claim.duration", "outcome=unanswered"));
        Assert.Empty(measured.Of("sagaflow.worker.claims_rejected"));
    }
}
