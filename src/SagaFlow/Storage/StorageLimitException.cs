using SagaFlow.Contracts;

namespace SagaFlow.Storage;

/// <summary>A value is too large to be stored, or is no text. Nothing was written; trying again cannot help.</summary>
internal sealed class StorageLimitException : SagaFlowException
{
    public StorageLimitException(string what, long bytes, long limit)
        : base($"{what} has {bytes} bytes; the limit is {limit}. Keep large data elsewhere and store a reference to it.")
    {
    }

    public StorageLimitException(string what, Exception cause)
        : base($"{what} holds a lone surrogate, which no UTF-8 text can keep. Escape it as JSON does.", cause)
    {
    }

    private StorageLimitException(string message)
        : base(message)
    {
    }

    /// <summary>The database has no place for the character U+0000.</summary>
    public static StorageLimitException HoldsNul(string what) =>
        new($"{what} holds the character U+0000, which PostgreSQL cannot keep. Escape it as JSON does.");
}
