using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;

namespace SagaFlow.Contracts;

/// <summary>Says what is wrong with a body of which nothing can be read, and where.</summary>
internal static class JsonProblem
{
    /// <summary>Tells nesting that is too deep from what is no JSON: the reader reports both in one way.</summary>
    public static string Describe(ReadOnlySpan<byte> body, JsonException exception)
    {
        var place = $"at line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}";
        return IsTooDeep(body, exception) ? $"Deeper than {WireLimits.Depth} levels {place}" : $"Not JSON {place}";
    }

    /// <summary>Finds the place of the first byte that is no UTF-8.</summary>
    public static int FirstBadByte(ReadOnlySpan<byte> body)
    {
        Span<char> discarded = stackalloc char[512];
        var checkedBytes = 0;
        OperationStatus status;
        do
        {
            status = Utf8.ToUtf16(body[checkedBytes..], discarded, out var read, out _, replaceInvalidSequences: false);
            checkedBytes += read;
        }
        while (status is OperationStatus.DestinationTooSmall);
        return checkedBytes;
    }

    // Read again without a limit: if it stumbles at the same place, that is no JSON; if it does not, the place was a level too many.
    private static bool IsTooDeep(ReadOnlySpan<byte> body, JsonException exception)
    {
        var json = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = int.MaxValue });
        try
        {
            while (json.Read())
            {
            }
        }
        catch (JsonException other)
        {
            return (other.LineNumber, other.BytePositionInLine) != (exception.LineNumber, exception.BytePositionInLine);
        }

        return true;
    }
}
