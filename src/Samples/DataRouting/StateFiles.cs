using DataRouting.Packets;

namespace DataRouting;

/// <summary>Where a run keeps its state: the user's file or PostgreSQL database, or a temporary folder that goes with the run.</summary>
public sealed class StateFiles : IDisposable
{
    private readonly DirectoryInfo? _temporary;

    private StateFiles(string database, string? postgres, DirectoryInfo? temporary) => (Database, Postgres, _temporary) = (database, postgres, temporary);

    /// <summary>The workflows' database, unless they are kept in PostgreSQL.</summary>
    public string Database { get; }

    /// <summary>The workflows' PostgreSQL database; <see langword="null"/> when they are kept in the file.</summary>
    public string? Postgres { get; }

    /// <summary>The transmit service's own file.</summary>
    public string TransmitJournal => Database + ".transmit.jsonl";

    public static StateFiles For(string? database, string? postgres)
    {
        if (database is null)
        {
            var folder = Directory.CreateTempSubdirectory("data-routing-");
            return new StateFiles(Path.Combine(folder.FullName, "routing.db"), postgres, folder);
        }

        var directory = Path.GetDirectoryName(Path.GetFullPath(database));
        return Directory.Exists(directory)
            ? new StateFiles(database, postgres, null)
            : throw new BadInputException($"The folder '{directory}' of the database does not exist: create it first");
    }

    public void Dispose() => _temporary?.Delete(recursive: true);
}
