using SagaFlow.Contracts;

namespace SagaFlow.Worker;

/// <summary>Stands in the log for an exception whose text holds a task token, as that of a failed call to somebody who was given it.</summary>
internal sealed class SafeException : Exception
{
    private readonly string _text;

    private SafeException(string message, string text)
        : base(message) => _text = text;

    public static Exception? Of(Exception? exception)
    {
        if (exception is null)
        {
            return null;
        }

        var text = exception.ToString();
        var scrubbed = TokenScrubber.Scrub(text);
        return scrubbed == text ? exception : new SafeException(TokenScrubber.Scrub(exception.Message), scrubbed);
    }

    public override string ToString() => _text;
}
