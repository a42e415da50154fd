using MassTransit;
using Microsoft.Extensions.Logging;
using SagaFlow.Client.Bus;
using SagaFlow.Client.Bus.RabbitMq;
using SagaFlow.Contracts;
using SagaFlow.Ingress;
using SagaFlow.Joins;
using SagaFlow.Timeouts;
using SagaFlow.Workflows;

namespace SagaFlow.Hosting;

/// <summary>The engine's own queues, and who takes what comes on them.</summary>
internal sealed class EngineEndpoints(
    BusNames names,
    AnswerEndpoint answers,
    ControlEndpoint control,
    RingEndpoint rings,
    JoinEndpoint joins,
    Quarantine quarantine,
    VersionWait waiting,
    RabbitMqTopology topology,
    TimeProvider clock,
    ILogger<EngineEndpoints> logger)
{
    // Twice what one batch of the store takes: one half loads and decides while the other is being committed.
    private const int Concurrency = 256;

    public IReadOnlyList<(string Queue, RawReceiver Receive)> All =>
    [
        (names.Answers, answers.HandleAsync),
        (names.Control, control.HandleAsync),
        (names.Timers, rings.HandleAsync),
        (names.Joins, joins.HandleAsync),
    ];

    public void Configure(string queue, IReceiveEndpointConfigurator endpoint, RawReceiver receive)
    {
        RawEndpoint.Configure(endpoint, (message, cancellationToken) => TakeAsync(queue, receive, message, cancellationToken), clock, logger, Concurrency);
        if (endpoint is IRabbitMqReceiveEndpointConfigurator rabbit)
        {
            RabbitMqEndpoint.Configure(rabbit, topology, queue);
        }
    }

    private Task TakeAsync(string queue, RawReceiver receive, RawMessage message, CancellationToken cancellationToken) =>
        waiting.TakeAsync(queue, () => message, () => TakeOrPutAsideAsync(queue, receive, message, cancellationToken), cancellationToken);

    // What would fail in the same way again is put aside; what the infrastructure makes fail is delivered again.
    private async Task TakeOrPutAsideAsync(string queue, RawReceiver receive, RawMessage message, CancellationToken cancellationToken)
    {
        try
        {
            await receive(message, cancellationToken);
        }
        catch (SagaFlowException exception) when (exception is not WorkflowVersionException)
        {
            await quarantine.AddAsync(queue, message, exception.Message, cancellationToken);
        }
    }
}
