using Microsoft.Extensions.Logging;
using SagaFlow.Client.Bus;
using SagaFlow.Worker.Events;

namespace SagaFlow.Worker.Pools;

/// <summary>What every pool of a process is made with.</summary>
internal sealed record PoolSetup(
    ISlotSource Slots, IAnswerSink Answers, IRawBus Bus, BusNames Names, WorkerNames WorkerNames, WorkerEvents Events,
    SagaFlowWorkerOptions Options, TimeProvider Time, ILogger Logger);
