namespace SagaFlow;

/// <summary>What one task token stands for.</summary>
public enum TokenScope
{
    /// <summary>One attempt: the answer of a late attempt is refused once a newer one exists.</summary>
    Attempt,

    /// <summary>The activity: the same token serves every attempt, and any of them may answer.</summary>
    Activity,
}
