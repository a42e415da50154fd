namespace SagaFlow;

/// <summary>What a workflow does after it asked an activity to stop.</summary>
public enum CancellationMode
{
    /// <summary>Waits for the activity's own answer, which may still be a result; its deadlines go on.</summary>
    Wait,

    /// <summary>Closes the activity as canceled at once and tells the holder of the token.</summary>
    Try,

    /// <summary>Closes the activity as canceled at once and tells nobody.</summary>
    Abandon,
}
