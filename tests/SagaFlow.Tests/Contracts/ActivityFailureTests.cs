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
        Assert.Null(failure.Details);
    }

    [Fact]
    public void The_stack_of_an_exception_is_in_its_failure_only_when_asked_for()
    {
        var thrown = Record.Exception(new Action(() => throw new InvalidOperationException("The line is busy", new TimeoutException("No answer"))))!;

        Assert.Equal("Caused by TimeoutException: No answer", ActivityFailure.From(thrown).Details);
        Assert.Contains(nameof(ActivityFailureTests), ActivityFailure.From(thrown, withStackTrace: true).Details, StringComparison.Ordinal);
    }
}
