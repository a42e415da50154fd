using System.Text.Json.Serialization;
using MassTransit;

namespace SagaFlow;

/// <summary>The base of a workflow's state: what the author adds is stored as one JSON document, without any schema change.</summary>
/// <remarks>Public properties of a derived class are serialized with System.Text.Json in camelCase. A field that a stored
/// document does not have keeps its initial value, so a workflow's class may grow while instances of it run.</remarks>
public abstract class WorkflowInstance : SagaStateMachineInstance
{
    /// <summary>Gets or sets the workflow id. Set by the engine.</summary>
    [JsonIgnore]
    public Guid CorrelationId { get; set; }

    /// <summary>Gets or sets the name of the state the workflow is in. Set by the state machine.</summary>
    [JsonIgnore]
    public string CurrentState { get; set; } = "Initial";
}
