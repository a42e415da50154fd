using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;

namespace SagaFlow.Benchmarks.Broker;

/// <summary>Asks an engine over its control queue. It knows the wire contract alone.</summary>
internal sealed class ControlCaller(RawBroker broker)
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource<byte[]>> _asked = new(StringComparer.Ordinal);
    private string _replies = "";

    public static async Task<ControlCaller> OpenAsync(RawBroker broker)
    {
        var caller = new ControlCaller(broker);
        caller._replies = await broker.ReceiveRepliesAsync(caller.Take);
        return caller;
    }

    /// <summary>Sends a message and gives the reply.</summary>
    /// <param name="queue">The engine's control queue.</param>
    /// <param name="id">Correlates the reply; each call has its own.</param>
    /// <param name="message">The message as JSON.</param>
    /// <param name="patience">How long the reply may take.</param>
    public async Task<byte[]> AskAsync(string queue, string id, string message, TimeSpan patience)
    {
        var answer = new TaskCompletionSource<byte[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        _asked[id] = answer;
        try
        {
            await broker.PublishAsync(queue, "", Encoding.UTF8.GetBytes(message), id, _replies);
            return await answer.Task.WaitAsync(patience);
        }
        finally
        {
            _asked.TryRemove(id, out _);
        }
    }

    /// <summary>Starts a workflow and checks that it was taken.</summary>
    public async Task StartAsync(string queue, string id, string workflowType, string message, TimeSpan patience) => Check(
        await AskAsync(queue, id, $$"""{"kind":"start","workflowType":"{{workflowType}}","message":{{message}}}""", patience),
        root => root.GetProperty("disposition").ValueEquals("applied"));

    public static void Check(byte[] reply, Func<JsonElement, bool> isRight)
    {
        using var document = JsonDocument.Parse(reply);
        if (!isRight(document.RootElement))
        {
            throw new InvalidOperationException($"Not what was expected: {Encoding.UTF8.GetString(reply)}");
        }
    }

    private void Take(RawDelivery reply)
    {
        if (reply.CorrelationId is { } id && _asked.TryRemove(id, out var asked))
        {
            asked.TrySetResult(reply.Body);
        }
    }
}
