using System.Text.Json;

namespace SagaFlow.Faults.Judging;

/// <summary>What the foreign transmit service has written down: what it accepted, and how its acknowledgements were taken.</summary>
internal sealed class Journal
{
    private readonly Dictionary<string, string> _packetOf = new(StringComparer.Ordinal);
    private readonly HashSet<string> _due = new(StringComparer.Ordinal);
    private readonly List<(string Token, string Disposition)> _answers = [];

    /// <summary>How many acknowledgements are still to be made.</summary>
    public static int Owed(string file)
    {
        var journal = Read(file);
        return journal._due.Except(journal._answers.Select(x => x.Token)).Count();
    }

    public static Journal Read(string file)
    {
        var journal = new Journal();
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            if (Parse(line) is { } parsed)
            {
                journal.Take(parsed);
            }
        }

        return journal;
    }

    /// <summary>Packets one of whose acknowledgements changed their workflow.</summary>
    public HashSet<string> Taken() => [.. _answers.Where(x => x.Disposition is "applied" or "duplicate").Select(x => _packetOf[x.Token])];

    public IEnumerable<string> AppliedTwice() =>
        _answers.Where(x => x.Disposition == "applied").GroupBy(x => _packetOf[x.Token]).Where(x => x.Count() > 1).Select(x => x.Key);

    /// <summary>How many answers had each disposition, and how many submissions came twice.</summary>
    public IReadOnlyDictionary<string, int> Dispositions() =>
        _answers.GroupBy(x => x.Disposition).OrderBy(x => x.Key, StringComparer.Ordinal).ToDictionary(x => x.Key, x => x.Count());

    private void Take(JsonElement line)
    {
        var token = line.GetProperty("TaskToken").GetString()!;
        switch (line.GetProperty("What").GetString())
        {
            case "accepted":
                var pending = line.GetProperty("Pending");
                _packetOf[token] = pending.GetProperty("PacketId").GetString()!;
                if (pending.GetProperty("DueAt").ValueKind != JsonValueKind.Null)
                {
                    _due.Add(token);
                }

                break;
            case "acknowledged":
                _answers.Add((token, line.GetProperty("Disposition").GetString()!));
                break;
            default:
                break;
        }
    }

    // A kill may have cut a line.
    private static JsonElement? Parse(string line)
    {
        try
        {
            return line.Length == 0 ? null : JsonDocument.Parse(line).RootElement;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
