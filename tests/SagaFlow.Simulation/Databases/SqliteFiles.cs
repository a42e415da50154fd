using SagaFlow.Simulation.Counting;

namespace SagaFlow.Simulation.Databases;

/// <summary>A file of its own for each world.</summary>
internal sealed class SqliteFiles : IPipeDatabases
{
    public bool KeepsMicroseconds => false;

    public Task<IPipeDatabase> RentAsync() => Task.FromResult<IPipeDatabase>(new SqliteFile());

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed class SqliteFile : IPipeDatabase
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sagaflow-pipe-");

        public IReadOnlyList<Fault> NetworkFaults => [];

        public TimeSpan LargestSkew => TimeSpan.Zero;

        public void AddTo(SagaFlowBuilder flow) => flow.UseSqlite(Path.Combine(_folder.FullName, "flow.db")).RelaxDurability();

        // The engine's own clock is the file's.
        public Task SetClockAsync(DateTimeOffset now) => Task.CompletedTask;

        public void BreakNextCommit(Fault how) => throw new InvalidOperationException("There is no network to a file.");

        public ValueTask DisposeAsync()
        {
            _folder.Delete(recursive: true);
            return ValueTask.CompletedTask;
        }
    }
}
