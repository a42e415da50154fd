using System.Runtime.ExceptionServices;
using MassTransit;
using MassTransit.Configuration;
using SagaFlow.Client.Bus;

namespace SagaFlow.Ingress;

/// <summary>Puts aside what a workflow's queue cannot read, in place of MassTransit's <c>_error</c> and <c>_skipped</c> queues, which nobody looks at.</summary>
internal static class QuarantineFilters
{
    public static void Configure(IReceiveEndpointConfigurator endpoint, Quarantine quarantine)
    {
        endpoint.ConfigureDeadLetter(pipe => pipe.UseFilter(new UnknownMessage(quarantine)));
        endpoint.ConfigureError(pipe => pipe.UseFilter(new UnreadableMessage(quarantine)));
    }

    /// <summary>Has a delivery that could not be dealt with returned to the transport, which brings it again.</summary>
    public static void GiveBack(ReceiveContext context) => context.GetOrAddPayload(() => new GivenBack());

    private static Task AddAsync(Quarantine quarantine, ReceiveContext context, string reason) =>
        quarantine.AddAsync(context.InputAddress.AbsolutePath.Split('/')[^1], RawHeaders.Read(context), reason, CancellationToken.None);

    private sealed record PutAside;

    private sealed record GivenBack;

    private sealed class UnknownMessage(Quarantine quarantine) : IFilter<ReceiveContext>
    {
        public async Task Send(ReceiveContext context, IPipe<ReceiveContext> next)
        {
            // What could not be read was not consumed either, and comes by here as well.
            if (!context.TryGetPayload<PutAside>(out _))
            {
                await AddAsync(quarantine, context, "unknown: none of the messages that this workflow takes");
            }

            await next.Send(context);
        }

        public void Probe(ProbeContext context) => context.CreateFilterScope("sagaflow-unknown");
    }

    private sealed class UnreadableMessage(Quarantine quarantine) : IFilter<ExceptionReceiveContext>
    {
        public async Task Send(ExceptionReceiveContext context, IPipe<ExceptionReceiveContext> next)
        {
            if (context.TryGetPayload<GivenBack>(out _))
            {
                ExceptionDispatchInfo.Throw(context.Exception);
            }

            await AddAsync(quarantine, context, $"unreadable: {context.Exception.Message}");
            context.GetOrAddPayload(() => new PutAside());
            await next.Send(context);
        }

        public void Probe(ProbeContext context) => context.CreateFilterScope("sagaflow-unreadable");
    }
}
