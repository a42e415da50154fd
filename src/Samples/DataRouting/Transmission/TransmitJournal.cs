using System.Text.Json;

namespace DataRouting.Transmission;

/// <summary>The service's file: one JSON line for everything that happened, so that a killed service knows what it still owes.</summary>
public sealed class TransmitJournal : IDisposable
{
    private readonly Lock _gate = new();
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PendingAcknowledgement> _pending = new(StringComparer.Ordinal);
    private readonly FileStream _file;

    private TransmitJournal(FileStream file) => _file = file;

    /// <summary>What was accepted and not acknowledged when the journal was opened.</summary>
    public IReadOnlyList<PendingAcknowledgement> Pending { get; private set; } = [];

    public static TransmitJournal Open(string file)
    {
        var lines = File.Exists(file) ? File.ReadAllLines(file) : [];
        var journal = new TransmitJournal(new FileStream(file, FileMode.Append, FileAccess.Write, FileShare.Read));
        foreach (var line in lines)
        {
            journal.Replay(line);
        }

        journal.Pending = [.. journal._pending.Values];

        // A kill may have cut the last line; what follows begins a new one.
        journal._file.Write("\n"u8);
        return journal;
    }

    /// <summary>Notes a submission. One that is known by its token is a repeat and changes nothing.</summary>
    /// <returns>Whether it is new.</returns>
    public bool Accept(PendingAcknowledgement pending)
    {
        lock (_gate)
        {
            var isNew = _known.Add(pending.TaskToken);
            Write(new JournalLine(isNew ? "accepted" : "repeated", pending.TaskToken, pending, null));
            return isNew;
        }
    }

    /// <summary>Notes that a call back is about to be made; a kill before its answer makes the next run call again.</summary>
    public void Calling(PendingAcknowledgement pending) => Note("calling", pending, null);

    /// <summary>Notes how the call back was taken.</summary>
    public void Acknowledged(PendingAcknowledgement pending, string disposition) => Note("acknowledged", pending, disposition);

    public void Dispose() => _file.Dispose();

    private void Note(string what, PendingAcknowledgement pending, string? disposition)
    {
        lock (_gate)
        {
            Write(new JournalLine(what, pending.TaskToken, null, disposition));
        }
    }

    private void Write(JournalLine line)
    {
        _file.Write(JsonSerializer.SerializeToUtf8Bytes(line));
        _file.Write("\n"u8);
        _file.Flush();
    }

    private void Replay(string text)
    {
        if (Parse(text) is not { } line)
        {
            return;
        }

        if (line is { What: "accepted", Pending: { } pending })
        {
            _known.Add(line.TaskToken);
            _pending[line.TaskToken] = pending;
        }
        else if (line.What == "acknowledged")
        {
            _pending.Remove(line.TaskToken);
        }
    }

    private static JournalLine? Parse(string text)
    {
        try
        {
            return string.IsNullOrWhiteSpace(text) ? null : JsonSerializer.Deserialize<JournalLine>(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed record JournalLine(string What, string TaskToken, PendingAcknowledgement? Pending, string? Disposition);
}
