using Microsoft.Extensions.DependencyInjection;
using SagaFlow.Client;
using SagaFlow.Client.Control;
using SagaFlow.Contracts;
using SagaFlow.Ingress;

namespace SagaFlow.AspNetCore.Workflows;

/// <summary>To the engine of this very host: no broker in between.</summary>
/// <remarks>Routes are mapped before the host starts: the engine must not be built for it, or its key file read.</remarks>
internal sealed class EngineRoad(IServiceProvider services) : IRoad
{
    public Task<Receipt> AnswerAsync(Guid id, ActivityAnswer answer, CancellationToken cancellationToken) =>
        services.GetRequiredService<AnswerIngress>().AcceptAsync(answer, cancellationToken);

    public async Task<ControlReply> AskAsync(Guid id, ControlMessage message, string what, TimeSpan hold, CancellationToken cancellationToken) => message switch
    {
        StartWorkflow start => ControlReply.From(await services.GetRequiredService<StartIngress>()
            .StartAsync(start.WorkflowType, start.Message.GetRawText(), start.MessageId, cancellationToken)),
        SignalWorkflow signal => ControlReply.From(await services.GetRequiredService<SignalIngress>().SignalAsync(signal, cancellationToken)),
        CancelWorkflow cancel => ControlReply.From(await services.GetRequiredService<CancelIngress>().CancelAsync(cancel, cancellationToken)),
        QueryWorkflow query => await services.GetRequiredService<QueryIngress>().AnswerAsync(query, cancellationToken),
        _ => throw new ArgumentOutOfRangeException(nameof(message), message, "No such kind of control message."),
    };

    public Task<IAsyncDisposable> ListenForCancelAsync(
        string taskQueue, Func<ActivityCancellation, CancellationToken, Task> onCancel, CancellationToken cancellationToken) =>
        throw new NotSupportedException("The endpoints listen to nobody.");
}
