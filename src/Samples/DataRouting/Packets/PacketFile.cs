using System.Text.Json;

namespace DataRouting.Packets;

/// <summary>Reads packets from JSON Lines: <c>{"id": "p-1", "payload": "…", "getRouteMaximumAttempts": 3}</c>, one on each line.</summary>
public static class PacketFile
{
    public const int DefaultAttempts = 3;
    private const int MostAttempts = 1_000;

    /// <summary>Reads the file, or standard input for <c>-</c>. Blank lines are skipped.</summary>
    /// <exception cref="BadInputException">The file cannot be read, or a line is wrong; the message names the line.</exception>
    public static IReadOnlyList<PacketLine> Read(string file)
    {
        var packets = new List<PacketLine>();
        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        using var reader = Open(file);
        for (var number = 1; reader.ReadLine() is { } line; number++)
        {
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            var packet = Parse(line, $"{NameOf(file)}:{number}");
            if (!lines.TryAdd(packet.Id, number))
            {
                throw new BadInputException($"{NameOf(file)}:{number}: the id '{packet.Id}' was used on line {lines[packet.Id]} already");
            }

            packets.Add(packet);
        }

        return packets;
    }

    private static string NameOf(string file) => file == "-" ? "standard input" : file;

    private static TextReader Open(string file)
    {
        try
        {
            return file == "-" ? Console.In : new StreamReader(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"The packets file '{file}' cannot be read: {exception.Message}");
        }
    }

    private static PacketLine Parse(string line, string where)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                throw new BadInputException($"{where}: a JSON object is expected, such as {{\"id\": \"p-1\", \"payload\": \"hello\"}}");
            }

            return new PacketLine(ReadId(root, where), ReadText(root, "payload", where), ReadAttempts(root, where));
        }
        catch (JsonException exception)
        {
            throw new BadInputException($"{where}: not JSON (at character {exception.BytePositionInLine + 1})");
        }
    }

    private static string ReadId(JsonElement root, string where)
    {
        var id = ReadText(root, "id", where);
        return id.Length is > 0 and <= 255 && !id.Any(char.IsControl) && id == id.Trim()
            ? id
            : throw new BadInputException($"{where}: the id must have 1 to 255 characters, without control characters or spaces around it");
    }

    private static string ReadText(JsonElement root, string field, string where) =>
        root.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : throw new BadInputException($"{where}: the field '{field}' is missing or no text");

    private static int ReadAttempts(JsonElement root, string where)
    {
        if (!root.TryGetProperty("getRouteMaximumAttempts", out var value))
        {
            return DefaultAttempts;
        }

        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var attempts) && attempts is >= 1 and <= MostAttempts
            ? attempts
            : throw new BadInputException($"{where}: 'getRouteMaximumAttempts' must be a whole number from 1 to {MostAttempts}");
    }
}
