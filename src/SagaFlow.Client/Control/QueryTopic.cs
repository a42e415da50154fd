namespace SagaFlow.Client.Control;

/// <summary>What a query asks for.</summary>
internal enum QueryTopic
{
    /// <summary>The workflow itself.</summary>
    Workflow,

    /// <summary>The workflow, as soon as it is closed or the wait is over.</summary>
    Result,

    /// <summary>A page of its history.</summary>
    History,

    /// <summary>Its activities, in the order in which they were scheduled.</summary>
    Activities,
}
