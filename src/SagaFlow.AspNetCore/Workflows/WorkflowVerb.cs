using Microsoft.AspNetCore.Http;
using SagaFlow.Client.Control;

namespace SagaFlow.AspNetCore.Workflows;

/// <summary>One thing that can be asked about workflows: its name in logs, its method, and how it is read.</summary>
/// <param name="Name">Its name in logs.</param>
/// <param name="Method">The only method that it takes.</param>
/// <param name="Read">Reads path, query and body; it throws <see cref="Contracts.WireFormatException"/> for what cannot be read.</param>
/// <param name="NeedsBody">Whether an empty body cannot be read.</param>
internal sealed record WorkflowVerb(string Name, string Method, Func<HttpRequest, ReadOnlyMemory<byte>, ControlMessage> Read, bool NeedsBody = false)
{
    public static WorkflowVerb Start { get; } = new("start", HttpMethods.Post, WorkflowCalls.ReadStart, NeedsBody: true);

    public static WorkflowVerb Signal { get; } = new("signal", HttpMethods.Post, WorkflowCalls.ReadSignal, NeedsBody: true);

    public static WorkflowVerb Cancel { get; } = new("cancel", HttpMethods.Post, WorkflowCalls.ReadCancel);

    public static WorkflowVerb Query(QueryTopic topic) => new("query", HttpMethods.Get, (request, _) => WorkflowCalls.ReadQuery(request, topic));
}
