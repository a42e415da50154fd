namespace SagaFlow.AspNetCore;

/// <summary>The log event ids of the HTTP endpoints: 4000 to 4999, unique across all projects.</summary>
internal static class EventIds
{
    public const int CallbackUnavailable = 4000;
    public const int CallbackRefused = 4001;
    public const int WorkflowCallUnavailable = 4100;
    public const int WorkflowCallRefused = 4101;
}
