using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;
using SagaFlow.Contracts;
using SagaFlow.Diagnostics;

namespace SagaFlow.Tokens;

/// <summary>Takes over keys that an operator changed in the configuration while the engine runs: rotation and revocation without a restart.</summary>
/// <remarks>It needs a source that tells of changes, such as a file; variables of the environment do not. Keys that could not start an engine
/// do not stop one: they are told of, and the ones before stay.</remarks>
internal sealed class KeyReload(KeyRing ring, IConfiguration configuration, IHostEnvironment environment, ILogger<KeyReload> logger)
    : IHostedService, IDisposable
{
    private IDisposable? _listening;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _listening = ChangeToken.OnChange(configuration.GetReloadToken, Reload);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _listening?.Dispose();

    private void Reload()
    {
        try
        {
            var before = ring.Ids;
            ring.TakeOver(ConfiguredKeys.ToRing(ConfiguredKeys.Read(configuration), environment.IsDevelopment()));
            if (!before.SequenceEqual(ring.Ids, StringComparer.Ordinal))
            {
                logger.TokenKeysChanged(ring.Active.Id, string.Join(", ", ring.Ids));
            }
        }
        catch (SagaFlowException exception)
        {
            logger.TokenKeysRefused(exception.Message);
        }
    }
}
