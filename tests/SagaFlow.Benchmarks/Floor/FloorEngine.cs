using System.Collections.Concurrent;
using System.Text.Json;
using SagaFlow.Benchmarks.AsyncPath;
using SagaFlow.Benchmarks.Broker;
using SagaFlow.Contracts;

namespace SagaFlow.Benchmarks.Floor;

/// <summary>The engine of one workflow, written by hand for it alone: the same messages, the same rows, the same guarantees, no framework.</summary>
internal sealed class FloorEngine(RawBroker broker, FloorStore store, Names names)
{
    private static readonly FloorToken Tokens = new(MeasuredKey.Bytes, Names.Floor, Names.WorkflowType);

    private readonly FloorMessages _messages = new(Tokens, names);
    private readonly FloorLocks _locks = new();
    private readonly ConcurrentDictionary<Guid, Func<FloorRow, string?, Task>> _waiting = new();

    /// <summary>Takes a start or a query.</summary>
    public async Task ControlAsync(RawDelivery delivery)
    {
        using var document = JsonDocument.Parse(delivery.Body);
        var root = document.RootElement;
        if (root.GetProperty("kind").ValueEquals("start"))
        {
            await StartAsync(root.GetProperty("message"), delivery);
        }
        else
        {
            await QueryAsync(WireIds.Workflow(names.Prefix, Names.WorkflowType, root.GetProperty("businessKey").GetString()!), delivery);
        }
    }

    /// <summary>Takes an answer.</summary>
    public async Task AnswerAsync(RawDelivery delivery)
    {
        using var document = JsonDocument.Parse(delivery.Body);
        var root = document.RootElement;
        var isResult = root.GetProperty("kind").ValueEquals("completed");
        if (Tokens.Verify(root.GetProperty("taskToken").GetString()!, isResult ? FloorNames.CompleteScope : FloorNames.StartedScope) is { } workflowId)
        {
            var result = isResult ? root.GetProperty("result").GetRawText() : null;
            await _locks.RunAsync(workflowId, () => result is null ? BeginAsync(workflowId) : CompleteAsync(workflowId, result));
        }
    }

    private async Task StartAsync(JsonElement message, RawDelivery delivery)
    {
        var key = message.GetProperty("key").GetString()!;
        var workflowId = WireIds.Workflow(names.Prefix, Names.WorkflowType, key);
        var start = _messages.Start(workflowId, key, message.GetRawText());
        var isNew = await store.CommitAsync(start);
        if (isNew)
        {
            _ = DispatchAsync(start);
        }

        await broker.PublishAsync("", delivery.ReplyTo!, FloorMessages.Receipt(isNew ? "applied" : "duplicate", workflowId), delivery.CorrelationId);
    }

    private async Task DispatchAsync(FloorStart start)
    {
        await broker.PublishAsync(names.Tasks, "", start.Request);
        store.Arrived(start.RequestId);
    }

    private Task BeginAsync(Guid workflowId) => store.CommitAsync(new FloorStarted(workflowId, FloorMessages.AttemptStarted(inferred: false)));

    private async Task CompleteAsync(Guid workflowId, string result)
    {
        while (await store.LoadAsync(workflowId) is { WorkflowStatus: "Running" } row)
        {
            if (await store.CommitAsync(FloorMessages.Completion(workflowId, row, result)))
            {
                if (_waiting.TryRemove(workflowId, out var waiting))
                {
                    _ = waiting(row, result);
                }

                return;
            }
        }
    }

    private async Task QueryAsync(Guid workflowId, RawDelivery delivery)
    {
        Task ReplyAsync(FloorRow row, string? result) =>
            broker.PublishAsync("", delivery.ReplyTo!, FloorMessages.Result(workflowId, row, result), delivery.CorrelationId);

        // Before the row is read, so that an end between the two is not missed. The caller asks again when its wait is over.
        _waiting[workflowId] = ReplyAsync;
        if (await store.LoadAsync(workflowId) is { WorkflowStatus: not "Running" } row && _waiting.TryRemove(workflowId, out _))
        {
            await ReplyAsync(row, row.Result);
        }
    }
}
