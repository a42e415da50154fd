using System.Collections.Concurrent;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using SagaFlow.Client;
using SagaFlow.Client.Bus;
using SagaFlow.Client.Control;
using SagaFlow.Contracts;

namespace SagaFlow.Tests.Client;

/// <summary>A client and, on the same in-memory bus, something that answers its messages as the test says.</summary>
internal sealed class FakeEngine : IAsyncDisposable
{
    private readonly RunningServices _services;
    private readonly Func<RawMessage, byte[]?> _reply;

    private FakeEngine(RunningServices services, Func<RawMessage, byte[]?> reply) => (_services, _reply) = (services, reply);

    /// <summary>What was received, in order.</summary>
    public ConcurrentQueue<RawMessage> Received { get; } = [];

    public IActivityClient Activities => _services.Get<IActivityClient>();

    public IWorkflowClient Workflows => _services.Get<IWorkflowClient>();

    /// <param name="reply">Gives the reply's body; <see langword="null"/> keeps silent.</param>
    public static async Task<FakeEngine> StartAsync(Func<RawMessage, byte[]?> reply, TimeProvider? time = null)
    {
        var services = await RunningServices.StartAsync(s =>
        {
            s.AddSingleton(time ?? TimeProvider.System);
            s.AddSagaFlowClient();
        });
        var engine = new FakeEngine(services, reply);
        await engine.ListenAsync("sagaflow.answers");
        await engine.ListenAsync("sagaflow.control");
        return engine;
    }

    public static Task<FakeEngine> StartAsync(Disposition disposition) =>
        StartAsync(_ => WireJson.Write(new Receipt(disposition)));

    public static Task<FakeEngine> StartAsync(Func<ControlMessage, ControlReply> reply) =>
        StartAsync(message => ControlJson.Write(reply(Control(message))));

    public static ControlMessage Control(RawMessage message) =>
        ControlJson.TryRead(message.Body, out var control, out var problem) ? control : throw new InvalidOperationException(problem.Detail);

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private async Task ListenAsync(string queue)
    {
        var handle = _services.Get<IBus>().ConnectReceiveEndpoint(
            queue, endpoint => RawEndpoint.Configure(endpoint, TakeAsync, TimeProvider.System, NullLogger.Instance));
        await handle.Ready;
    }

    private async Task TakeAsync(RawMessage message, CancellationToken cancellationToken)
    {
        Received.Enqueue(message);
        if (_reply(message) is { } body)
        {
            var reply = new RawMessage { Body = body, CorrelationId = message.CorrelationId };
            await _services.Get<IRawBus>().SendAsync(message.ReplyTo!, reply, cancellationToken);
        }
    }
}
