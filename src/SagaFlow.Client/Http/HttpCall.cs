namespace SagaFlow.Client.Http;

/// <summary>One call, which may be made several times.</summary>
/// <param name="Method">The method.</param>
/// <param name="Path">Path and query, escaped, to put behind the base address.</param>
/// <param name="What">What it is, for error messages.</param>
internal sealed record HttpCall(HttpMethod Method, string Path, string What)
{
    public ReadOnlyMemory<byte>? Body { get; init; }

    /// <summary>Makes repetitions of the call one message.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>Whether the caller says who he is; a task token needs no more.</summary>
    public bool IsAuthenticated { get; init; } = true;
}
