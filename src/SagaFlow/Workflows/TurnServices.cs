using Microsoft.Extensions.Logging;
using SagaFlow.Activities;
using SagaFlow.Client.Bus;
using SagaFlow.Diagnostics;
using SagaFlow.Hosting;

namespace SagaFlow.Workflows;

/// <summary>What every turn needs and none changes.</summary>
internal sealed class TurnServices(
    ActivityRequestFactory requests, TransportTraits transport, IRandomSource random, EngineLimits limits, VersionGuard versions, ILogger<TurnServices> logger)
{
    public ActivityRequestFactory Requests { get; } = requests;

    public TransportTraits Transport { get; } = transport;

    public IRandomSource Random { get; } = random;

    public EngineLimits Limits { get; } = limits;

    public VersionGuard Versions { get; } = versions;

    public void WorkflowCodeFaulted(Guid workflowId, Exception exception) => logger.WorkflowCodeFaulted(workflowId, exception);

    public void KeptMessageDropped(Guid workflowId, string eventName, string reason) => logger.KeptMessageDropped(workflowId, eventName, reason);
}
