using DataRouting.Packets;

namespace DataRouting;

/// <summary>Where a run keeps its state: the user's file, or a temporary folder that goes with the run.</summary>
public sealed class StateFiles : IDisposable
{
    private readonly DirectoryInfo? _temporary;

    private StateFiles(string database, DirectoryInfo? temporary) => (Database, _temporary) = (database, temporary);

    /// <summary>The workflows' database.</summary>
    public string Database { get; }

    /// <summary>The transmit service's own file.</summary>
    public string TransmitJournal => Database + ".transmit.jsonl";

    public static StateFiles For(string? database)
    {
        if (database is null)
        {
            var folder = Directory.CreateTempSubdirectory("data-routing-");
            return new StateFiles(Path.Combine(folder.FullName, "routing.db"), folder);
        }

        var directory = Path.GetDirectoryName(Path.GetFullPath(database));
        return Directory.Exists(directory)
            ? new StateFiles(database, null)
            : throw new BadInputException($"The folder '{directory}' of the database does not exist: create it first");
    }

    public void Dispose() => _temporary?.Delete(recursive: true);
}
