using SagaFlow.Contracts;

namespace SagaFlow.Testing;

/// <summary>Stands in for an activity's handler.</summary>
internal interface IActivityMock
{
    /// <summary>Decides one call: one attempt that was handed out.</summary>
    MockOutcome Next(ActivityRequest request);
}
