namespace SagaFlow.Worker;

/// <summary>How a worker ended (<c>exitOutput</c>).</summary>
/// <param name="Code">0 for a stop that was asked for, 10 for an error. A process whose worker ends with 10 ends with it too.</param>
/// <param name="Error">The error; <see langword="null"/> for 0.</param>
public sealed record WorkerExit(int Code, Exception? Error)
{
    /// <summary>The code of a stop that was asked for.</summary>
    public const int SuccessCode = 0;

    /// <summary>The code of an end by an error.</summary>
    public const int ErrorCode = 10;

    /// <summary>Gets the exit of a stop that was asked for.</summary>
    public static WorkerExit Success { get; } = new(SuccessCode, null);

    internal static WorkerExit Of(Exception error) => new(ErrorCode, error);
}
