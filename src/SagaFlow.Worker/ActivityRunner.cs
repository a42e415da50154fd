using SagaFlow.Client.Bus;
using SagaFlow.Contracts;
using SagaFlow.Worker.Events;

namespace SagaFlow.Worker;

/// <summary>The way from a request's bytes to its answer, for one task queue. It knows no bus: the worker's endpoint and the test
/// harness both go through here.</summary>
internal sealed class ActivityRunner
{
    private readonly Dictionary<string, HandlerRegistration> _handlers;
    private readonly RunServices _services;

    public ActivityRunner(string taskQueue, IEnumerable<HandlerRegistration> handlers, RunServices services)
    {
        (TaskQueue, _services) = (taskQueue, services);
        _handlers = new Dictionary<string, HandlerRegistration>(StringComparer.Ordinal);
        foreach (var handler in handlers)
        {
            if (!_handlers.TryAdd(handler.Activity, handler))
            {
                throw new SagaFlowException($"Two handlers were added for activity '{handler.Activity}' on task queue '{taskQueue}'. Name one of them otherwise.");
            }
        }
    }

    public string TaskQueue { get; }

    /// <summary>The names of the activities that are handled, quoted, in order.</summary>
    public string Activities => string.Join(", ", ActivityNames.Select(name => $"'{name}'"));

    public IReadOnlyList<string> ActivityNames => [.. _handlers.Keys.Order(StringComparer.Ordinal)];

    public IReadOnlyCollection<HandlerRegistration> Handlers => _handlers.Values;

    /// <summary>Runs a request to its end: returns when its answer, or for a pending outcome its <c>started</c>, was accepted.</summary>
    /// <param name="request">The request as it was delivered.</param>
    /// <param name="answers">Takes the answers.</param>
    /// <param name="cancellationToken">Tells the handler to stop, as when the worker stops.</param>
    public async Task RunAsync(RawMessage request, IAnswerSink answers, CancellationToken cancellationToken)
    {
        if (Accept(request, answers, new WorkerStop(cancellationToken, CancellationToken.None)) is { } run)
        {
            await run.ExecuteAsync();
            await run.Accepted;
        }
    }

    /// <summary>Takes a request up without running it yet; <see langword="null"/> when it is to be dropped.</summary>
    public ActivityRun? Accept(RawMessage message, IAnswerSink answers, WorkerStop stop, RunReport? report = null)
    {
        report ??= new RunReport(_services.Events, Environment.MachineName, TaskQueue);
        report.Received(message.MessageId, message.Body.Length);
        if (!WireJson.TryReadRequest(message.Body, out var request, out var problem))
        {
            // Without a token there is nobody to tell.
            _services.Logger.RequestUnreadable(message.MessageId, TaskQueue, problem.Detail);
            return Drop(report, problem.Detail);
        }

        report.Read(request);
        if (!_services.Recent.TryTake(request))
        {
            _services.Logger.RequestRepeated(request.ActivityId, request.WorkflowId, request.Attempt);
            return Drop(report, "The attempt was taken before");
        }

        var handler = _handlers.GetValueOrDefault(request.Activity);
        var invoker = handler?.Invoker ?? new RefusingInvoker(UnknownActivity(request));
        var claim = handler is { ClaimsBeforeRun: true } ? new AttemptClaim(request, answers, _services) : null;
        return new ActivityRun(request, invoker, answers, claim, stop, report, _services);
    }

    private static ActivityRun? Drop(RunReport report, string reason)
    {
        report.Dropped(reason);
        report.End();
        return null;
    }

    private ActivityFailure UnknownActivity(ActivityRequest request) => ActivityFailure.NonRetryable(
        "UnknownActivity",
        $"No handler for activity '{request.Activity}' on task queue '{TaskQueue}'. This worker handles: {Activities}.");
}
