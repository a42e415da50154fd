using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using SagaFlow.Contracts;

namespace SagaFlow.Client.Bus.RabbitMq;

/// <summary>Sees to it, before the bus starts, that the broker lets this process in. One that cannot be reached is waited for.</summary>
/// <remarks>The bus itself would try a wrong password for ever, and the host's start would hang without a word.</remarks>
internal sealed class RabbitMqStart(
    IServiceProvider services, TransportTraits traits, SagaFlowBus bus, IOptions<SagaFlowClientOptions> options, StartRetry retry) : IHostedLifecycleService
{
    private bool _isChecked;

    public Task StartingAsync(CancellationToken cancellationToken) => CheckAsync(cancellationToken);

    // Some starters know nothing but start and stop.
    public Task StartAsync(CancellationToken cancellationToken) => _isChecked ? Task.CompletedTask : CheckAsync(cancellationToken);

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task CheckAsync(CancellationToken cancellationToken)
    {
        _isChecked = true;
        if (!bus.IsOwn && options.Value.RabbitMq is not null)
        {
            throw new SagaFlowException(
                "The application has called AddMassTransit itself: choose the transport there, or leave AddMassTransit out. UseRabbitMq is for SagaFlow's own bus.");
        }

        if (traits.IsRabbitMq)
        {
            await retry.RunAsync(services.GetRequiredService<RabbitMqLinks>().EnterAsync, cancellationToken).ConfigureAwait(false);
        }
    }
}
