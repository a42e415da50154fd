using System.Text.Json;
using SagaFlow.Contracts;

namespace SagaFlow.Client.Control;

/// <summary>Reads a control message in one pass over all fields of any kind, then builds the kind that it says it is.</summary>
internal static class ControlReader
{
    public static ControlMessage Read(ReadOnlySpan<byte> body)
    {
        var reader = new WireReader(body);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var fields = default(Fields);
        reader.EnterBody();
        while (reader.NextField(seen, "$") is { } field)
        {
            ReadField(ref reader, field, ref fields);
        }

        reader.LeaveBody();
        return fields.Kind switch
        {
            "start" => Start(fields),
            "query" => Query(fields),
            "cancel" => Cancel(fields),
            "signal" => Signal(fields),
            null => throw WireFormatException.Missing("$.kind"),
            _ => throw WireFormatException.Malformed("kind", "Field '$.kind' is none of 'start', 'query', 'cancel', 'signal'"),
        };
    }

    private static void ReadField(ref WireReader reader, string field, ref Fields fields)
    {
        switch (field)
        {
            case "kind": fields.Kind = reader.ReadName("$.kind"); break;
            case "messageId": fields.MessageId = reader.ReadName("$.messageId", WireLimits.MessageIdLength); break;
            case "workflowType": fields.WorkflowType = reader.ReadName("$.workflowType"); break;
            case "message": fields.Message = reader.ReadPayload(); break;
            case "workflowId": fields.WorkflowId = reader.ReadUuid("$.workflowId"); break;
            case "businessKey": fields.BusinessKey = reader.ReadName("$.businessKey"); break;
            case "what": fields.What = reader.ReadName("$.what"); break;
            case "after": fields.After = reader.ReadWhole("$.after", 0, long.MaxValue); break;
            case "limit": fields.Limit = reader.ReadWhole("$.limit", 1, QueryWorkflow.MaximumLimit); break;
            case "waitMs": fields.WaitMs = reader.ReadWhole("$.waitMs", 0, QueryWorkflow.MaximumWaitMs); break;
            case "reason": fields.Reason = reader.ReadName("$.reason", CancelWorkflow.MaximumReasonLength); break;
            case "event": fields.Event = reader.ReadName("$.event"); break;
            default: reader.SkipValue(); break;
        }
    }

    private static StartWorkflow Start(in Fields fields) => new(
        string.IsNullOrEmpty(fields.MessageId) ? null : fields.MessageId,
        Required(fields.WorkflowType, "$.workflowType"),
        fields.Message ?? throw WireFormatException.Missing("$.message"));

    private static CancelWorkflow Cancel(in Fields fields)
    {
        RequireWorkflow(fields);
        return new CancelWorkflow
        {
            WorkflowId = fields.WorkflowId,
            WorkflowType = fields.WorkflowType,
            BusinessKey = fields.BusinessKey,
            Reason = fields.Reason,
        };
    }

    private static SignalWorkflow Signal(in Fields fields)
    {
        RequireWorkflow(fields);
        return new SignalWorkflow
        {
            MessageId = string.IsNullOrEmpty(fields.MessageId) ? null : fields.MessageId,
            WorkflowId = fields.WorkflowId,
            WorkflowType = fields.WorkflowType,
            BusinessKey = fields.BusinessKey,
            Event = fields.Event,
            Message = fields.Message ?? throw WireFormatException.Missing("$.message"),
        };
    }

    private static QueryWorkflow Query(in Fields fields)
    {
        RequireWorkflow(fields);
        return new QueryWorkflow
        {
            WorkflowId = fields.WorkflowId,
            WorkflowType = fields.WorkflowType,
            BusinessKey = fields.BusinessKey,
            What = Topic(Required(fields.What, "$.what")),
            After = fields.After ?? 0,
            Limit = (int)(fields.Limit ?? QueryWorkflow.DefaultLimit),
            WaitMs = (int)(fields.WaitMs ?? 0),
        };
    }

    private static void RequireWorkflow(in Fields fields)
    {
        if (fields.WorkflowId is null && (string.IsNullOrEmpty(fields.WorkflowType) || string.IsNullOrEmpty(fields.BusinessKey)))
        {
            throw WireFormatException.Malformed("field_missing", "Field '$.workflowId' is missing, and '$.workflowType' with '$.businessKey' too");
        }
    }

    private static QueryTopic Topic(string what) => what switch
    {
        "workflow" => QueryTopic.Workflow,
        "result" => QueryTopic.Result,
        "history" => QueryTopic.History,
        "activities" => QueryTopic.Activities,
        _ => throw WireFormatException.Malformed("what", "Field '$.what' is none of 'workflow', 'result', 'history', 'activities'"),
    };

    private static string Required(string? value, string path) =>
        string.IsNullOrEmpty(value) ? throw WireFormatException.Missing(path) : value;

    private struct Fields
    {
        public string? Kind;
        public string? MessageId;
        public string? WorkflowType;
        public JsonElement? Message;
        public Guid? WorkflowId;
        public string? BusinessKey;
        public string? What;
        public long? After;
        public long? Limit;
        public long? WaitMs;
        public string? Reason;
        public string? Event;
    }
}
