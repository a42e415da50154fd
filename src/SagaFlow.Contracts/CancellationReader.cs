namespace SagaFlow.Contracts;

internal static class CancellationReader
{
    public static ActivityCancellation Read(ReadOnlySpan<byte> body)
    {
        var reader = new WireReader(body);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        Guid? workflowId = null;
        string? activityId = null;
        long? attempt = null;
        string? reason = null;
        reader.EnterBody();
        while (reader.NextField(seen, "$") is { } field)
        {
            switch (field)
            {
                case "workflowId": workflowId = reader.ReadUuid("$.workflowId"); break;
                case "activityId": activityId = reader.ReadName("$.activityId"); break;
                case "attempt": attempt = reader.ReadWhole("$.attempt", 1, int.MaxValue); break;
                case "reason": reason = reader.ReadText("$.reason"); break;
                default: reader.SkipValue(); break;
            }
        }

        reader.LeaveBody();
        return new ActivityCancellation(
            workflowId ?? throw WireFormatException.Missing("$.workflowId"),
            activityId ?? throw WireFormatException.Missing("$.activityId"),
            (int)(attempt ?? throw WireFormatException.Missing("$.attempt")),
            reason ?? "");
    }
}
