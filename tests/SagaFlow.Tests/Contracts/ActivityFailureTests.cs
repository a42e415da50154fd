using SagaFlow.Contracts;

namespace SagaFlow.Tests.Contracts;

public sealed class ActivityFailureTests
{
    [Fact]
    public void A_failure_made_from_an_exception_names_its_type_and_message()
    {
        var failure = ActivityFailure.From(new InvalidOperationException("The line is busy"));

        Assert.Equal("InvalidOperationException", failure.Type);
        Assert.Equal("The line is busy", failure.Message);
        Assert.True(failure.Retryable);
    }
}
