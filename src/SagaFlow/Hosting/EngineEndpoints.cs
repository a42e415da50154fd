using MassTransit;
using Microsoft.Extensions.Logging;
using SagaFlow.Client.Bus;
using SagaFlow.Ingress;
using SagaFlow.Timeouts;

namespace SagaFlow.Hosting;

/// <summary>The engine's own queues, and who takes what comes on them.</summary>
internal sealed class EngineEndpoints(
    BusNames names, AnswerEndpoint answers, ControlEndpoint control, RingEndpoint rings, TimeProvider clock, ILogger<EngineEndpoints> logger)
{
    // As many turns as one batch of the store's committer takes.
    private const int Concurrency = 128;

    public IReadOnlyList<(string Queue, RawReceiver Receive)> All =>
    [
        (names.Answers, answers.HandleAsync),
        (names.Control, control.HandleAsync),
        (names.Timers, rings.HandleAsync),
    ];

    public void Configure(IReceiveEndpointConfigurator endpoint, RawReceiver receive) =>
        RawEndpoint.Configure(endpoint, receive, clock, logger, Concurrency);
}
