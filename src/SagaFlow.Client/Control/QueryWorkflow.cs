namespace SagaFlow.Client.Control;

/// <summary>Asks about one workflow (<c>kind: query</c>), named by its id, or by its type and business key.</summary>
internal sealed record QueryWorkflow : ControlMessage
{
    public const int DefaultLimit = 100;
    public const int MaximumLimit = 200;
    public const int MaximumWaitMs = 30_000;

    public Guid? WorkflowId { get; init; }

    public string? WorkflowType { get; init; }

    public string? BusinessKey { get; init; }

    public required QueryTopic What { get; init; }

    /// <summary>History after this sequence number.</summary>
    public long After { get; init; }

    /// <summary>The greatest number of history events in the reply.</summary>
    public int Limit { get; init; } = DefaultLimit;

    /// <summary>How long the engine may hold the reply of <see cref="QueryTopic.Result"/> back, in milliseconds.</summary>
    public int WaitMs { get; init; }
}
