using SagaFlow.Activities;
using SagaFlow.Contracts;

namespace SagaFlow.Tests.Workflows;

/// <summary>Names that would not fit a token or a broker are refused where they are defined.</summary>
[Trait("Req", "REL-4.6-64")]
public sealed class ActivityNameTests
{
    [Fact]
    public void An_activity_s_name_has_at_most_40_characters()
    {
        _ = new FortyWorkflow();

        var refused = Assert.Throws<SagaFlowException>(() => new FortyOneWorkflow());

        Assert.Contains("needs a name of at most 40 ASCII characters", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("edi.*")]
    [InlineData("#")]
    [InlineData("EDI")]
    [InlineData("")]
    [InlineData("a/b")]
    public void A_task_queue_with_characters_that_a_broker_reads_in_its_own_way_is_refused(string queue)
    {
        var options = new ActivityOptions { TaskQueue = queue, ScheduleToCloseTimeout = TimeSpan.FromMinutes(1) };

        var refused = Assert.Throws<ActivityOptionsException>(() => ActivityOptionsValidator.Validate("Print", options, DateTimeOffset.UnixEpoch));

        Assert.Contains("is no queue name", refused.Message, StringComparison.Ordinal);
    }

    private sealed class FortyWorkflow : WorkflowStateMachine<CourierInstance>
    {
        public FortyWorkflow() => Activity(() => ActivityOfExactlyFortyCharactersInItsNam);

        public Activity<string, string> ActivityOfExactlyFortyCharactersInItsNam { get; private set; } = null!;
    }

    private sealed class FortyOneWorkflow : WorkflowStateMachine<CourierInstance>
    {
        public FortyOneWorkflow() => Activity(() => ActivityOfExactlyFortyOneCharactersInName);

        public Activity<string, string> ActivityOfExactlyFortyOneCharactersInName { get; private set; } = null!;
    }
}
