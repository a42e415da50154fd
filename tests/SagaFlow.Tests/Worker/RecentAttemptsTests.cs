using SagaFlow.Worker;

namespace SagaFlow.Tests.Worker;

public sealed class RecentAttemptsTests
{
    [Fact]
    [Trait("Req", "P10")]
    public void An_attempt_that_was_put_back_many_times_pushes_no_other_one_out_and_is_itself_known()
    {
        var recent = new RecentAttempts();
        using var fixture = new RunnerFixture();
        var (running, roaming) = (fixture.Request(), fixture.Request(attempt: 2));
        Assert.True(recent.TryTake(running));
        Assert.True(recent.TryTake(roaming));

        for (var i = 0; i < 50_000; i++)
        {
            recent.Forget(roaming);
            Assert.True(recent.TryTake(roaming));
        }

        Assert.False(recent.TryTake(roaming));
        Assert.False(recent.TryTake(running));
    }
}
