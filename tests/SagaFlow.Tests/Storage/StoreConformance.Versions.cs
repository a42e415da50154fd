using SagaFlow.Storage;

namespace SagaFlow.Tests.Storage;

public abstract partial class StoreConformance
{
    [Fact]
    public async Task A_running_workflow_of_a_state_and_version_is_found()
    {
        await Flow.CommitAsync(new ChangeSet(Records.Id(1)) { Workflow = Records.Workflow(Records.Id(1)) with { DefinitionVersion = 2 } });
        await Flow.CommitAsync(new ChangeSet(Records.Id(2)) { Workflow = Records.Workflow(Records.Id(2)) with { Status = WorkflowStatus.Failed } });

        var found = await Flow.Reader.FindRunningAsync("data-routing", "GetRoute.Pending", 2, default);
        var closed = await Flow.Reader.FindRunningAsync("data-routing", "GetRoute.Pending", 1, default);
        var elsewhere = await Flow.Reader.FindRunningAsync("data-routing", "Transmit.Pending", 2, default);

        Assert.Equal(Records.Id(1), found?.Id);
        Assert.Null(closed);
        Assert.Null(elsewhere);
    }
}
