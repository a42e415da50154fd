namespace SagaFlow.Contracts;

internal static class EnvelopeReader
{
    public static MessageEnvelope Read(ReadOnlyMemory<byte> body)
    {
        // One level more than a bare message: the envelope itself.
        var reader = new WireReader(body.Span, WireLimits.Depth + 1);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        ReadOnlyMemory<byte>? message = null;
        string? messageId = null;
        string? requestId = null;
        string? responseAddress = null;
        string[] messageTypes = [];

        reader.EnterBody();
        while (reader.NextField(seen, "$") is { } field)
        {
            switch (field)
            {
                case "message": message = reader.EnterObject("$.message") ? body[reader.SkipAndLocate()] : default(ReadOnlyMemory<byte>?); break;
                case "messageId": messageId = reader.ReadName("$.messageId", WireLimits.MessageIdLength); break;
                case "requestId": requestId = reader.ReadName("$.requestId", WireLimits.MessageIdLength); break;
                case "responseAddress": responseAddress = reader.ReadName("$.responseAddress", WireLimits.AddressLength); break;
                case "messageType": messageTypes = reader.ReadTexts("$.messageType"); break;
                default: reader.SkipValue(); break;
            }
        }

        reader.LeaveBody();
        return new MessageEnvelope(
            message ?? throw WireFormatException.Missing("$.message"), messageId, requestId, responseAddress, messageTypes);
    }
}
