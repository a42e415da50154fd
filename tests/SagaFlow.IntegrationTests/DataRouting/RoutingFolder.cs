using System.Text.Json;

namespace SagaFlow.IntegrationTests.DataRouting;

/// <summary>A temporary folder with a packets file, a database, and the transmit service's journal.</summary>
internal sealed class RoutingFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sagaflow-routing-");

    public string Packets => Path.Combine(_folder.FullName, "packets.jsonl");

    public string Database => Path.Combine(_folder.FullName, "routing.db");

    public long JournalLength => new FileInfo(Journal) is { Exists: true } file ? file.Length : 0;

    private string Journal => Database + ".transmit.jsonl";

    public void WritePackets(int count) =>
        File.WriteAllLines(Packets, Enumerable.Range(1, count).Select(i => $$"""{"id":"p-{{i}}","payload":"content {{i}}"}"""));

    public void Write(params string[] lines) => File.WriteAllLines(Packets, lines);

    /// <summary>What the transmit service saw: its journal without lines that a kill cut.</summary>
    public IReadOnlyList<JsonElement> ReadJournal() => [.. File.ReadLines(Journal).Select(Parse).OfType<JsonElement>()];

    public void Dispose() => _folder.Delete(recursive: true);

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
