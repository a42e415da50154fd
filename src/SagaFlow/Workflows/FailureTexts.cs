using SagaFlow.Contracts;

namespace SagaFlow.Workflows;

/// <summary>Makes a failure fit to be stored and shown: bounded, and without the task token that an error text may quote.</summary>
internal static class FailureTexts
{
    public static ActivityFailure Clean(ActivityFailure failure) => failure with
    {
        Message = Clean(failure.Message),
        Details = failure.Details is null ? null : Clean(failure.Details),
    };

    private static string Clean(string text) => ErrorText.Clean(TokenScrubber.Scrub(text));
}
