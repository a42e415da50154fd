namespace SagaFlow.Contracts;

internal static class ReceiptReader
{
    public static Receipt Read(ReadOnlySpan<byte> body)
    {
        var reader = new WireReader(body);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        string? disposition = null;
        string? detail = null;
        long? currentAttempt = null;
        bool? cancelRequested = null;
        Guid? workflowId = null;
        string? code = null;
        reader.EnterBody();
        while (reader.NextField(seen, "$") is { } field)
        {
            switch (field)
            {
                case "disposition": disposition = reader.ReadName("$.disposition"); break;
                case "detail": detail = reader.ReadText("$.detail"); break;
                case "currentAttempt": currentAttempt = reader.ReadWhole("$.currentAttempt", 1, int.MaxValue); break;
                case "cancelRequested": cancelRequested = reader.ReadFlag("$.cancelRequested"); break;
                case "workflowId": workflowId = reader.ReadUuid("$.workflowId"); break;
                case "code": code = reader.ReadName("$.code"); break;
                default: reader.SkipValue(); break;
            }
        }

        reader.LeaveBody();
        return new Receipt(ReadDisposition(disposition), detail, (int?)currentAttempt, cancelRequested ?? false, workflowId) { Code = code };
    }

    private static Disposition ReadDisposition(string? name)
    {
        if (name is null)
        {
            throw WireFormatException.Missing("$.disposition");
        }

        return WireNames.TryReadDisposition(name, out var disposition)
            ? disposition
            : throw WireFormatException.Malformed("disposition", "Field '$.disposition' is no disposition that this version knows");
    }
}
