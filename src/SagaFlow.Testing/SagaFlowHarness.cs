using System.Text;
using MassTransit;
using SagaFlow.Client;
using SagaFlow.Client.Bus;
using SagaFlow.Client.Control;
using SagaFlow.Contracts;
using SagaFlow.Ingress;
using SagaFlow.Storage;
using SagaFlow.Workflows;

namespace SagaFlow.Testing;

/// <summary>Runs workflows in virtual time: the real engine on a temporary database, stepped one message at a time.</summary>
/// <remarks>
/// <para>Nothing happens beside the test: no bus, no background thread, no sleeping. Every verb ends when nothing is left to
/// do at the harness's instant, so an assertion never has to wait. Five hours take as long as what happens in them.</para>
/// <para>A failure of the engine or of a mock is thrown by the verb that caused it. Each harness has its own clock and file,
/// so tests may run side by side; one harness is used by one test at a time.</para>
/// </remarks>
public class SagaFlowHarness : IAsyncDisposable
{
    // Virtual: as many instants at which something happens as one advance of the clock may meet.
    private const int MostInstants = 10_000;

    private static readonly DateTimeOffset FirstInstant = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly HarnessFolder _folder;
    private readonly ActivityDesk _desk;
    private readonly HarnessSetup _setup;
    private HarnessEngine? _engine;
    private DateTimeOffset _now;

    private protected SagaFlowHarness(HarnessSetup setup, HarnessFolder folder, ActivityDesk desk, HarnessEngine engine)
    {
        (_setup, _folder, _desk, _engine) = (setup, folder, desk, engine);
        _now = engine.Clock.GetUtcNow();
    }

    /// <summary>Gets the harness's instant. It begins at 2030-01-01T00:00:00Z and moves only when it is advanced.</summary>
    public DateTimeOffset Now => _engine?.Clock.GetUtcNow() ?? _now;

    /// <summary>Gets the requests that wait for an answer: their attempt is open, and no outcome has been given. Oldest first.</summary>
    public IReadOnlyList<ActivityRequest> Requests => _desk.Waiting;

    internal HarnessEngine Engine => _engine ?? throw new HarnessAssertionException("The harness is stopped. Restart it first.");

    internal ActivityDesk Desk => _desk;

    /// <summary>Starts a harness on a new database.</summary>
    /// <param name="configure">Says what it runs, the tested workflow first: <c>x => x.AddWorkflow&lt;OrderWorkflow, OrderInstance>()</c>.</param>
    /// <typeparam name="TMachine">The tested workflow's state machine; inferred from the configuration.</typeparam>
    /// <typeparam name="TInstance">Its state; inferred too.</typeparam>
    public static async Task<SagaFlowHarness<TMachine, TInstance>> StartAsync<TMachine, TInstance>(
        Func<SagaFlowHarnessBuilder, SagaFlowHarnessBuilder<TMachine, TInstance>> configure)
        where TMachine : WorkflowStateMachine<TInstance>
        where TInstance : WorkflowInstance
    {
        var setup = configure(new SagaFlowHarnessBuilder()).Setup;
        var folder = new HarnessFolder();
        var desk = new ActivityDesk();
        try
        {
            var engine = await HarnessEngine.StartAsync(setup, folder.Database, FirstInstant, desk);
            return new SagaFlowHarness<TMachine, TInstance>(setup, folder, desk, engine);
        }
        catch
        {
            folder.Delete();
            throw;
        }
    }

    /// <summary>Lets everything happen that is ready at this instant. Every other verb does so by itself.</summary>
    public Task RunUntilIdleAsync() => Engine.RunUntilIdleAsync();

    /// <summary>Moves the clock, stopping at each deadline on the way, and ends exactly at the new instant.</summary>
    /// <param name="duration">How far; zero or more.</param>
    public async Task AdvanceAsync(TimeSpan duration)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(duration, TimeSpan.Zero);
        var end = Now + duration;
        await Engine.RunUntilIdleAsync();
        for (var instants = 0; await Engine.NextInstantAsync() is { } next && next < end; instants++)
        {
            if (instants == MostInstants)
            {
                throw new HarnessAssertionException(
                    $"More than {MostInstants} deadlines passed in {duration}; the last at {Now:O}. Waiting: {DescribeRequests()}.");
            }

            await Engine.AdvanceToAsync(next);
        }

        await Engine.AdvanceToAsync(end);
    }

    /// <summary>Moves the clock to the next deadline of any activity: a timeout, or the end of a wait between two attempts.</summary>
    /// <exception cref="HarnessAssertionException">No activity has a deadline.</exception>
    public async Task AdvanceToNextDeadlineAsync()
    {
        await Engine.RunUntilIdleAsync();
        var next = await Engine.NextDeadlineAsync()
            ?? throw new HarnessAssertionException($"No activity has a deadline. Waiting: {DescribeRequests()}.");
        await AdvanceAsync(next > Now ? next - Now : TimeSpan.Zero);
    }

    /// <summary>Publishes a message of the author's to the workflows that take its type, as another service would.</summary>
    /// <param name="message">The message.</param>
    /// <param name="messageId">Its id; by default a new one. The same id twice is the same message.</param>
    /// <exception cref="HarnessAssertionException">No workflow takes the type.</exception>
    public async Task PublishAsync<TMessage>(TMessage message, Guid? messageId = null)
        where TMessage : class
    {
        var id = messageId ?? WireIds.Derive(Guid.Empty, $"harness/{_desk.NextMessageNumber()}");
        var envelope = InlineEnvelope.Of(typeof(TMessage), id, RawJson.Write(message));
        if (await Engine.Get<Deliveries>().PublishAsync(typeof(TMessage), envelope) == 0)
        {
            throw new HarnessAssertionException($"No workflow of the harness takes a message '{typeof(TMessage).Name}'. Add the workflow that does.");
        }

        if ((await Engine.Get<IQuarantine>().ReadAsync(1, CancellationToken.None)) is [var refused])
        {
            throw new HarnessAssertionException($"A message was put into quarantine: {refused.Reason}");
        }

        await RunUntilIdleAsync();
    }

    /// <summary>Lists what workflows published or sent of a type, oldest first, read from the bytes that would leave.</summary>
    public IReadOnlyList<TMessage> Published<TMessage>()
        where TMessage : class =>
        [.. _desk.Published.Where(x => x.Is(typeof(TMessage))).Select(x => x.As<TMessage>())];

    /// <summary>Lets a mock stand in for an activity; the last one of a name counts.</summary>
    /// <param name="activity">The activity's name.</param>
    /// <typeparam name="TArguments">What it takes.</typeparam>
    /// <typeparam name="TResult">What it gives.</typeparam>
    public ActivityMock<TArguments, TResult> OnActivity<TArguments, TResult>(string activity)
    {
        var mock = new ActivityMock<TArguments, TResult>(activity);
        _desk.Mock(activity, mock);
        return mock;
    }

    /// <summary>Gives the engine an answer with any token, as whoever holds it would.</summary>
    /// <returns>The receipt, once everything that follows has happened.</returns>
    public async Task<Receipt> AnswerAsync(ActivityAnswer answer)
    {
        var receipt = await Engine.Get<AnswerGate>().SendAsync(answer);
        await RunUntilIdleAsync();
        return receipt;
    }

    /// <summary>Gives the engine an answer exactly as a stranger wrote it.</summary>
    /// <param name="json">The body, well formed or not.</param>
    /// <returns>The receipt, once everything that follows has happened.</returns>
    public async Task<Receipt> AnswerAsync(string json)
    {
        var receipt = await Engine.Get<AnswerGate>().SendAsync(Encoding.UTF8.GetBytes(json));
        await RunUntilIdleAsync();
        return receipt;
    }

    /// <summary>Starts a workflow of another type than the tested one.</summary>
    /// <param name="message">The message that starts it.</param>
    /// <typeparam name="TOther">Its state machine.</typeparam>
    /// <typeparam name="TOtherInstance">Its state.</typeparam>
    public async Task<WorkflowHandle<TOther, TOtherInstance>> StartAsync<TOther, TOtherInstance>(object message)
        where TOther : WorkflowStateMachine<TOtherInstance>
        where TOtherInstance : WorkflowInstance
    {
        var definition = DefinitionOf<TOther>();
        var receipt = await Engine.Get<StartIngress>().StartAsync(
            definition.Type, PayloadJson.Write(message).GetRawText(), messageId: null, CancellationToken.None);
        if (receipt.WorkflowId is not { } workflowId)
        {
            throw new HarnessAssertionException($"The start of '{definition.Type}' was refused ({receipt.Disposition}): {receipt.Detail}");
        }

        await RunUntilIdleAsync();
        return new WorkflowHandle<TOther, TOtherInstance>(this, workflowId, receipt);
    }

    /// <summary>Finds a workflow of another type than the tested one, such as one that a message started.</summary>
    /// <param name="businessKey">Its business key.</param>
    /// <typeparam name="TOther">Its state machine.</typeparam>
    /// <typeparam name="TOtherInstance">Its state.</typeparam>
    public WorkflowHandle<TOther, TOtherInstance> Workflow<TOther, TOtherInstance>(string businessKey)
        where TOther : WorkflowStateMachine<TOtherInstance>
        where TOtherInstance : WorkflowInstance
    {
        var workflowId = WireIds.Workflow(Engine.Get<BusNames>().Prefix, DefinitionOf<TOther>().Type, businessKey);
        return new WorkflowHandle<TOther, TOtherInstance>(this, workflowId, startReceipt: null);
    }

    /// <summary>Kills the engine and starts it again on the same database, after a while in which none was alive.</summary>
    /// <param name="downtime">How long no engine is alive; by default not at all.</param>
    /// <remarks>What was on its way is lost, as at a crash. Mocks and what was published stay.</remarks>
    public async Task RestartAsync(TimeSpan downtime = default)
    {
        await KillAsync(downtime);
        _engine = await HarnessEngine.StartAsync(_setup, _folder.Database, _now, _desk);
    }

    /// <summary>Kills the engine without warning: steps that wait are lost. Until a restart no verb works.</summary>
    /// <param name="downtime">How long no engine is alive before the restart; by default not at all.</param>
    public async Task KillAsync(TimeSpan downtime = default)
    {
        if (_engine is { } engine)
        {
            await engine.SayAliveAsync();
            _now = engine.Clock.GetUtcNow();
            _engine = null;
            await engine.DisposeAsync();
        }

        _now += downtime;
    }

    /// <summary>Kills the engine and starts changed code on the same database, as a deployment does.</summary>
    /// <param name="configure">Says what runs from now on. Give a renamed class the type name of the old one.</param>
    /// <param name="downtime">How long no engine is alive; by default not at all.</param>
    /// <returns>A harness with the new code. This one is stopped; it can be restarted when the new code was refused.</returns>
    /// <typeparam name="TNew">The state machine that is tested from now on.</typeparam>
    /// <typeparam name="TNewInstance">Its state.</typeparam>
    public async Task<SagaFlowHarness<TNew, TNewInstance>> RestartAsync<TNew, TNewInstance>(
        Func<SagaFlowHarnessBuilder, SagaFlowHarnessBuilder<TNew, TNewInstance>> configure, TimeSpan downtime = default)
        where TNew : WorkflowStateMachine<TNewInstance>
        where TNewInstance : WorkflowInstance
    {
        var setup = configure(new SagaFlowHarnessBuilder()).Setup;
        await KillAsync(downtime);
        var engine = await HarnessEngine.StartAsync(setup, _folder.Database, _now, _desk);
        return new SagaFlowHarness<TNew, TNewInstance>(setup, _folder, _desk, engine);
    }

    /// <summary>Stops the engine and removes its database.</summary>
    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_engine is { } engine)
        {
            _engine = null;
            await engine.DisposeAsync();
        }

        _folder.Delete();
    }

    internal async Task<Receipt> CancelAsync(Guid workflowId, string? reason)
    {
        var receipt = await Engine.Get<CancelIngress>().CancelAsync(
            new CancelWorkflow { WorkflowId = workflowId, Reason = reason }, CancellationToken.None);
        await RunUntilIdleAsync();
        return receipt;
    }

    internal async Task<Receipt> SignalAsync(Guid workflowId, object message, string? eventName, string? messageId)
    {
        var signal = new SignalWorkflow
        {
            WorkflowId = workflowId,
            MessageId = messageId ?? $"harness/{_desk.NextMessageNumber()}",
            Event = eventName ?? message.GetType().Name,
            Message = PayloadJson.Write(message),
        };
        var receipt = await Engine.Get<SignalIngress>().SignalAsync(signal, CancellationToken.None);
        await RunUntilIdleAsync();
        return receipt;
    }

    internal WorkflowDefinition DefinitionOf<TMachine>() =>
        Engine.Get<WorkflowRegistry>().All.FirstOrDefault(x => x.Machine is TMachine)
        ?? throw new HarnessAssertionException($"The harness does not run '{typeof(TMachine).Name}'. Add it with AddWorkflow.");

    private string DescribeRequests() =>
        _desk.Waiting.Count == 0 ? "no request" : string.Join(", ", _desk.Waiting.Select(x => $"'{x.ActivityId}' (attempt {x.Attempt})"));
}
