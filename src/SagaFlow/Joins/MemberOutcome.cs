namespace SagaFlow;

/// <summary>How one of several parallel activities stood when they were joined.</summary>
public enum MemberOutcome
{
    /// <summary>It gave a result.</summary>
    Completed,

    /// <summary>It ended without a result: it failed for good, timed out, or was canceled by its holder.</summary>
    Failed,

    /// <summary>It was still open when the join's condition was met, and was canceled with the join.</summary>
    Overtaken,
}
