using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using SagaFlow.Contracts;

namespace SagaFlow.Client.Control;

/// <summary>Reads and writes what goes over the control queue. A request may come from anybody and is read strictly; a reply
/// comes from an engine.</summary>
internal static class ControlJson
{
    private static readonly JsonSerializerOptions ReplyOptions = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new RawPayloadConverter(), new DispositionConverter(), new FailureConverter() },
    };

    public static byte[] Write(StartWorkflow start) => WireWriter.Write(start, ControlWriter.Write);

    public static byte[] Write(QueryWorkflow query) => WireWriter.Write(query, ControlWriter.Write);

    public static byte[] Write(CancelWorkflow cancel) => WireWriter.Write(cancel, ControlWriter.Write);

    public static byte[] Write(SignalWorkflow signal) => WireWriter.Write(signal, ControlWriter.Write);

    /// <summary>Writes a message of any kind.</summary>
    public static byte[] Write(ControlMessage message) => message switch
    {
        StartWorkflow start => Write(start),
        QueryWorkflow query => Write(query),
        CancelWorkflow cancel => Write(cancel),
        SignalWorkflow signal => Write(signal),
        _ => throw new ArgumentOutOfRangeException(nameof(message), message, "No such kind of control message."),
    };

    public static byte[] Write(ControlReply reply) => JsonSerializer.SerializeToUtf8Bytes(reply, ReplyOptions);

    public static bool TryRead(
        ReadOnlyMemory<byte> body, [NotNullWhen(true)] out ControlMessage? message, [NotNullWhen(false)] out WireProblem? problem) =>
        WireJson.TryRead(body, content => ControlReader.Read(content.Span), out message, out problem);

    public static bool TryReadReply(ReadOnlyMemory<byte> body, [NotNullWhen(true)] out ControlReply? reply, [NotNullWhen(false)] out string? problem)
    {
        try
        {
            reply = JsonSerializer.Deserialize<ControlReply>(body.Span, ReplyOptions);
            problem = reply is null ? "the body is null" : null;
        }
        catch (JsonException exception)
        {
            reply = null;
            problem = exception.Message;
        }

        return reply is not null;
    }
}
