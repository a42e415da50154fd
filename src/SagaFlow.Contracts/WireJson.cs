using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Unicode;

namespace SagaFlow.Contracts;

/// <summary>Reads and writes the messages of the wire format. Reading is strict about form and never throws for
/// what a stranger sent; unknown fields are ignored; payloads pass byte for byte.</summary>
internal static class WireJson
{
    internal delegate T Reading<T>(ReadOnlyMemory<byte> body);

    public static bool TryReadAnswer(
        ReadOnlyMemory<byte> body, [NotNullWhen(true)] out ActivityAnswer? answer, [NotNullWhen(false)] out WireProblem? problem) =>
        TryReadAnswer(body, default, out answer, out problem);

    /// <summary>Reads an answer of which the way it came already says something.</summary>
    public static bool TryReadAnswer(
        ReadOnlyMemory<byte> body, AnswerGiven given, [NotNullWhen(true)] out ActivityAnswer? answer,
        [NotNullWhen(false)] out WireProblem? problem) =>
        TryRead(body, content => AnswerReader.Read(content.Span, given), out answer, out problem);

    public static bool TryReadRequest(
        ReadOnlyMemory<byte> body, [NotNullWhen(true)] out ActivityRequest? request, [NotNullWhen(false)] out WireProblem? problem) =>
        TryRead(body, content => RequestReader.Read(content.Span), out request, out problem);

    public static bool TryReadReceipt(
        ReadOnlyMemory<byte> body, [NotNullWhen(true)] out Receipt? receipt, [NotNullWhen(false)] out WireProblem? problem) =>
        TryRead(body, content => ReceiptReader.Read(content.Span), out receipt, out problem);

    public static bool TryReadCancellation(
        ReadOnlyMemory<byte> body, [NotNullWhen(true)] out ActivityCancellation? cancellation, [NotNullWhen(false)] out WireProblem? problem) =>
        TryRead(body, content => CancellationReader.Read(content.Span), out cancellation, out problem);

    /// <summary>Opens a body of content type <c>application/vnd.masstransit+json</c>. The message is part of the body, not a copy.</summary>
    public static bool TryUnwrapEnvelope(
        ReadOnlyMemory<byte> body, [NotNullWhen(true)] out MessageEnvelope? envelope, [NotNullWhen(false)] out WireProblem? problem) =>
        TryRead(body, EnvelopeReader.Read, out envelope, out problem);

    public static byte[] Write(ActivityAnswer answer) => WireWriter.Write(answer, AnswerWriter.Write);

    public static byte[] Write(ActivityRequest request) => WireWriter.Write(request, RequestWriter.Write);

    public static byte[] Write(ActivityCancellation cancellation) => WireWriter.Write(cancellation, CancellationWriter.Write);

    public static byte[] Write(Receipt receipt) => WireWriter.Write(receipt, ReceiptWriter.Write);

    /// <summary>Reads a body under the rules of the wire format: what the reader throws for a stranger becomes the problem.</summary>
    internal static bool TryRead<T>(
        ReadOnlyMemory<byte> body, Reading<T> read, [NotNullWhen(true)] out T? message, [NotNullWhen(false)] out WireProblem? problem)
        where T : class
    {
        message = null;
        problem = FindProblem(body.Span);
        if (problem is not null)
        {
            return false;
        }

        try
        {
            message = read(WithoutByteOrderMark(body));
            return true;
        }
        catch (WireFormatException exception)
        {
            problem = exception.Problem;
        }
        catch (JsonException exception)
        {
            problem = new WireProblem(Disposition.Malformed, "json", JsonProblem.Describe(WithoutByteOrderMark(body).Span, exception));
        }

        return false;
    }

    private static WireProblem? FindProblem(ReadOnlySpan<byte> body)
    {
        if (body.Length > WireLimits.BodyBytes)
        {
            return new WireProblem(Disposition.TooLarge, "too_large", $"The body is larger than {WireLimits.BodyBytes} bytes");
        }

        if (body.Trim(" \t\r\n"u8).IsEmpty)
        {
            return new WireProblem(Disposition.Malformed, "body_missing", "The body is empty; a JSON object is expected");
        }

        if (Utf8.IsValid(body))
        {
            return null;
        }

        return CompressedBodies.NameOf(body) is { } form
            ? new WireProblem(Disposition.Malformed, CompressedBodies.Code, CompressedBodies.Refusal(form))
            : new WireProblem(Disposition.Malformed, "utf8", $"The body is not valid UTF-8 at byte {JsonProblem.FirstBadByte(body) + 1}");
    }

    private static ReadOnlyMemory<byte> WithoutByteOrderMark(ReadOnlyMemory<byte> body) =>
        body.Span.StartsWith("\uFEFF"u8) ? body[3..] : body;
}
