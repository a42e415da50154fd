using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using SagaFlow.Client.Control;
using SagaFlow.Contracts;

namespace SagaFlow.AspNetCore.Workflows;

/// <summary>Reads calls about workflows, as strictly as messages of the control queue.</summary>
internal static class WorkflowCalls
{
    /// <summary>The part of the path that names a workflow type or a workflow.</summary>
    public const string Name = "workflow";

    private const string IdempotencyKey = "Idempotency-Key";

    /// <summary>The body is the start message itself; its payload is kept byte for byte.</summary>
    public static ControlMessage ReadStart(HttpRequest request, ReadOnlyMemory<byte> body)
    {
        var reader = new WireReader(body.Span);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        reader.EnterBody();
        while (reader.NextField(seen, "$") is not null)
        {
            reader.SkipValue();
        }

        reader.LeaveBody();
        return new StartWorkflow(MessageId(request), PathPart(request), JsonElement.Parse(body.Span));
    }

    public static ControlMessage ReadSignal(HttpRequest request, ReadOnlyMemory<byte> body)
    {
        var reader = new WireReader(body.Span);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        string? name = null;
        JsonElement? message = null;
        reader.EnterBody();
        while (reader.NextField(seen, "$") is { } field)
        {
            switch (field)
            {
                case "event": name = reader.ReadName("$.event"); break;
                case "message": message = reader.ReadPayload(); break;
                default: reader.SkipValue(); break;
            }
        }

        reader.LeaveBody();
        return new SignalWorkflow
        {
            WorkflowId = WorkflowId(request),
            MessageId = MessageId(request),
            Event = name,
            Message = message ?? throw WireFormatException.Missing("$.message"),
        };
    }

    public static ControlMessage ReadCancel(HttpRequest request, ReadOnlyMemory<byte> body)
    {
        string? reason = null;
        if (!body.IsEmpty)
        {
            var reader = new WireReader(body.Span);
            var seen = new HashSet<string>(StringComparer.Ordinal);
            reader.EnterBody();
            while (reader.NextField(seen, "$") is { } field)
            {
                switch (field)
                {
                    case "reason": reason = reader.ReadName("$.reason", CancelWorkflow.MaximumReasonLength); break;
                    default: reader.SkipValue(); break;
                }
            }

            reader.LeaveBody();
        }

        return new CancelWorkflow { WorkflowId = WorkflowId(request), Reason = reason };
    }

    public static ControlMessage ReadQuery(HttpRequest request, QueryTopic topic) => new QueryWorkflow
    {
        WorkflowId = WorkflowId(request),
        What = topic,
        After = topic is QueryTopic.History ? Parameter(request, "after", 0, long.MaxValue) ?? 0 : 0,
        Limit = topic is QueryTopic.History ? (int)(Parameter(request, "limit", 1, QueryWorkflow.MaximumLimit) ?? QueryWorkflow.DefaultLimit) : QueryWorkflow.DefaultLimit,
        WaitMs = topic is QueryTopic.Result ? (int)(Parameter(request, "waitMs", 0, QueryWorkflow.MaximumWaitMs) ?? 0) : 0,
    };

    private static Guid WorkflowId(HttpRequest request) =>
        Guid.TryParseExact(PathPart(request), "D", out var id) ? id : throw WireFormatException.Malformed("workflow_id", "The path names no workflow: its id is a UUID");

    private static string PathPart(HttpRequest request) => request.RouteValues[Name] as string ?? "";

    private static string? MessageId(HttpRequest request) => request.Headers[IdempotencyKey] switch
    {
        [] => null,
        [{ Length: > 0 and <= WireLimits.MessageIdLength } key] => key,
        _ => throw WireFormatException.Malformed("idempotency_key", $"{IdempotencyKey} is not one value of 1 to {WireLimits.MessageIdLength} characters"),
    };

    private static long? Parameter(HttpRequest request, string name, long minimum, long maximum) => request.Query[name] switch
    {
        [] => null,
        [{ } text] when long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= minimum && value <= maximum => value,
        _ => throw WireFormatException.Malformed("range", $"Query parameter '{name}' is not one number in {minimum} to {maximum}"),
    };
}
