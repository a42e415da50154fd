using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SagaFlow.Contracts;

namespace SagaFlow.Client.Bus.RabbitMq;

/// <summary>Sees to it, before the bus starts, that the broker lets this process in. One that cannot be reached is waited for.</summary>
/// <remarks>The bus itself would try a wrong password for ever, and the host's start would hang without a word.</remarks>
internal sealed class RabbitMqStart(
    IServiceProvider services, TransportTraits traits, SagaFlowBus bus, IOptions<SagaFlowClientOptions> options, TimeProvider clock, ILogger<RabbitMqStart> logger)
    : IHostedLifecycleService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LogInterval = TimeSpan.FromSeconds(30);

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
            await AwaitBrokerAsync(services.GetRequiredService<RabbitMqLinks>(), cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task AwaitBrokerAsync(RabbitMqLinks links, CancellationToken cancellationToken)
    {
        var saidAt = 0L;
        while (await FailureOfAsync(links, cancellationToken).ConfigureAwait(false) is { } failure)
        {
            if (RabbitMqErrors.IsRefusal(failure))
            {
                throw new SagaFlowException(
                    $"RabbitMQ at {links.Address} refuses the connection: {RabbitMqErrors.Describe(failure)}. Check user, password and virtual host of the RabbitMQ address.",
                    failure);
            }

            if (saidAt == 0 || clock.GetElapsedTime(saidAt) >= LogInterval)
            {
                logger.BrokerAwaited(links.Address, RabbitMqErrors.Describe(failure));
                saidAt = clock.GetTimestamp();
            }

            await Task.Delay(Pause, clock, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<Exception?> FailureOfAsync(RabbitMqLinks links, CancellationToken cancellationToken)
    {
        try
        {
            await links.GetAsync(cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return exception;
        }
    }
}
