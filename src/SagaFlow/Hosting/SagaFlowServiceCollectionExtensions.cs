using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SagaFlow.Client.Bus;
using SagaFlow.Contracts;
using SagaFlow.Diagnostics;
using SagaFlow.Dispatch;
using SagaFlow.Hosting;
using SagaFlow.Ingress;
using SagaFlow.Joins;
using SagaFlow.Timeouts;
using SagaFlow.Tokens;
using SagaFlow.Workflows;

namespace SagaFlow;

/// <summary>Adds the engine to a host.</summary>
public static class SagaFlowServiceCollectionExtensions
{
    /// <summary>Adds an engine that runs workflows. Without more it is embedded: in-memory transport and an SQLite file, nothing to install.</summary>
    /// <remarks>Call it once. An application that has its own MassTransit bus calls <c>AddMassTransit</c> before; the engine then uses that bus.</remarks>
    /// <exception cref="SagaFlowException">The engine was added before, or the configuration contradicts itself.</exception>
    public static IServiceCollection AddSagaFlow(this IServiceCollection services, Action<SagaFlowBuilder> configure)
    {
        if (services.Any(x => x.ServiceType == typeof(WorkflowEngine)))
        {
            throw new SagaFlowException("AddSagaFlow was called twice. Register all workflows in one call.");
        }

        var builder = new SagaFlowBuilder(services);
        configure(builder);
        SagaFlowBus.AddTo(services);
        AddCore(services);
        AddTokens(services, builder);
        builder.AddStore();
        AddIngress(services);
        AddHosting(services);
        return services;
    }

    private static void AddCore(IServiceCollection services)
    {
        services.AddSingleton<WorkflowRegistry>();
        services.AddSingleton<WorkflowEngine>();
        services.AddSingleton<WorkflowEnding>();
        services.AddSingleton<SignalBroadcast>();
        services.AddSingleton<TurnRunner>();
        services.AddSingleton<TurnServices>();
        services.AddSingleton<VersionGuard>();
        services.AddSingleton<KeyLocks>();
        services.AddSingleton<BusInbox>();
        services.AddSingleton<VersionWait>();
        services.AddSingleton<ActivityRequestFactory>();
        services.TryAddSingleton(new EngineLimits());
        services.TryAddSingleton<IRandomSource, SystemRandomSource>();
    }

    private static void AddTokens(IServiceCollection services, SagaFlowBuilder builder)
    {
        services.TryAddSingleton(builder.MakeKeys);
        if (builder.KeysAreConfigured)
        {
            services.AddHostedService<KeyReload>();
        }

        services.AddSingleton<TokenSigner>();
        services.AddSingleton<InternalMac>();
        services.AddSingleton<Sealing>();
        services.AddSingleton(x => new TokenVerifier(x.GetRequiredService<KeyRing>(), x.GetRequiredService<BusNames>().Prefix));
        services.AddSingleton(x => new TaskTokenMinter(x.GetRequiredService<TokenSigner>(), x.GetRequiredService<BusNames>().Prefix));
    }

    private static void AddIngress(IServiceCollection services)
    {
        services.AddSingleton<AnswerIngress>();
        services.AddSingleton<UnheardHeartbeats>();
        services.AddSingleton<StartIngress>();
        services.AddSingleton<QueryIngress>();
        services.AddSingleton<CancelIngress>();
        services.AddSingleton<SignalIngress>();
        services.TryAddSingleton(UnknownAnswerWait.Default);
        services.AddSingleton<UnknownAnswers>();
        services.AddSingleton<Quarantine>();
        services.AddSingleton<IMessageQuarantine, MessageQuarantine>();
        services.AddSingleton<Replies>();
        services.AddSingleton<AnswerEndpoint>();
        services.AddSingleton<ControlEndpoint>();
        services.AddSingleton<TimerRings>();
        services.AddSingleton<RingEndpoint>();
        services.AddSingleton<JoinEngine>();
        services.AddSingleton<JoinEndpoint>();
        services.AddCommitListener<ResultWaiters>();
        services.AddCommitListener<EngineMetrics>();
    }

    // In the order of their start: what is due may ring only once the tables are there, which EngineHost sees to before all.
    private static void AddHosting(IServiceCollection services)
    {
        services.AddSingleton<ArrivalTracker>();
        services.AddSingleton<MessagesInHand>();
        services.AddSingleton<SendFailures>();
        services.AddSingleton<ConfirmedMessages>();
        services.AddSingleton<OutboxSweep>();
        services.AddSingleton<UnattendedQueues>();
        services.AddSingleton<TopologyCheck>();
        services.TryAddSingleton<IOutgoingSender, BusSender>();
        services.TryAddSingleton<IRinger, BusRinger>();
        services.AddCommitListener<OutgoingDispatcher>();
        services.AddSingleton<DueSweep>();
        services.AddCommitListener<AlarmClock>();
        services.AddSingleton<StateCheck>();
        services.AddSingleton<Recovery>();
        services.AddSingleton<EngineStart>();
        services.AddSingleton<EnginePulse>();

        // The alarm clock listens to commits, and the pulse makes some.
        services.AddSingleton(x => new Lazy<EnginePulse>(x.GetRequiredService<EnginePulse>));
        services.AddSingleton<EngineEndpoints>();
        services.AddHostedService<EngineHost>();
        services.AddHostedService(x => x.GetRequiredService<OutgoingDispatcher>());
        services.AddHostedService(x => x.GetRequiredService<AlarmClock>());
        services.AddHostedService<AlarmWatchdog>();
        services.AddHostedService(x => x.GetRequiredService<ConfirmedMessages>());
        services.AddHostedService(x => x.GetRequiredService<OutboxSweep>());
        services.AddHostedService<SendingWatchdog>();
        services.AddHostedService(x => x.GetRequiredService<UnattendedQueues>());
        services.AddHostedService<AliveSaying>();
        services.AddSingleton<OpenWaitWatch>();
        services.AddHostedService(x => x.GetRequiredService<OpenWaitWatch>());
        services.AddHealthChecks().AddCheck<EngineHealth>("sagaflow", tags: ["ready", "sagaflow"]);
    }

    private static void AddCommitListener<TListener>(this IServiceCollection services)
        where TListener : class, ICommitListener
    {
        services.AddSingleton<TListener>();
        services.AddSingleton<ICommitListener>(x => x.GetRequiredService<TListener>());
    }
}
