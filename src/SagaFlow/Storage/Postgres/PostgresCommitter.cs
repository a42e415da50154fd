using Microsoft.Extensions.Logging;
using SagaFlow.Diagnostics;

namespace SagaFlow.Storage.Postgres;

/// <summary>The only one of its engine who commits. What waits while one batch becomes durable shares the next one.</summary>
/// <remarks>There is no gathering delay: a batch forms by itself under load, and a lone caller waits for nobody.</remarks>
internal sealed class PostgresCommitter : IAsyncDisposable
{
    private readonly BatchQueue _queue = new();
    private readonly BatchRunner _runner;
    private readonly ILogger _logger;
    private readonly Task _loop;

    public PostgresCommitter(PostgresDatabase database, TimeProvider time, PostgresHealth health, ILogger<PostgresCommitter> logger)
    {
        _runner = new BatchRunner(database, time, health);
        _logger = logger;
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Queues a unit, which commits from then on whether anybody waits for it or not.</summary>
    public Task EnqueueAsync(CommitUnit unit) => _queue.AddAsync(unit);

    /// <summary>Commits what is queued, then closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Close();
        _runner.End();
        await _loop;
        await _runner.DisposeAsync();
    }

    private async Task RunAsync()
    {
        while (await _queue.WaitAsync())
        {
            List<CommitUnit> batch = [];
            try
            {
                batch = _queue.Take();
                await _runner.RunAsync(batch);
            }
            catch (Exception error)
            {
                // Whatever went wrong, nobody waits for ever and the next batch gets its turn.
                _logger.CommitterFailed(error);
                batch.ForEach(unit => unit.Refuse(error));
            }
        }
    }
}
