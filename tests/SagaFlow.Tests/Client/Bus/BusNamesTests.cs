using SagaFlow.Client.Bus;
using SagaFlow.Contracts;

namespace SagaFlow.Tests.Client.Bus;

public sealed class BusNamesTests
{
    [Fact]
    public void All_names_follow_the_prefix()
    {
        var names = new BusNames("orders");

        Assert.Equal("orders.answers", names.Answers);
        Assert.Equal("orders.tasks.edi", names.TaskQueue("edi"));
        Assert.Equal("orders.workflow.data-routing", names.Workflow("data-routing"));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("0123456789-_abcdefghijklmnopqrstuvwxyz")]
    public void A_task_queue_takes_lower_case_letters_digits_and_dashes(string taskQueue) =>
        Assert.Equal("sagaflow.tasks." + taskQueue, new BusNames().TaskQueue(taskQueue));

    [Theory]
    [InlineData("")]
    [InlineData("Edi")]
    [InlineData("edi.fast")]
    [InlineData("edi#")]
    public void A_task_queue_of_other_characters_is_refused(string taskQueue) =>
        Assert.Throws<SagaFlowException>(() => new BusNames().TaskQueue(taskQueue));

    [Fact]
    public void A_task_queue_may_have_64_characters_and_not_one_more()
    {
        Assert.True(BusNames.IsTaskQueue(new string('a', 64)));
        Assert.False(BusNames.IsTaskQueue(new string('a', 65)));
    }

    [Theory]
    [InlineData("sagaflow.answers", true)]
    [InlineData("SAGAFLOW.control", true)]
    [InlineData("sagaflow-replies", false)]
    [InlineData("sagaflowers.inbox", false)]
    public void Queues_of_the_deployment_are_reserved(string queue, bool reserved) =>
        Assert.Equal(reserved, new BusNames().IsReserved(queue));
}
