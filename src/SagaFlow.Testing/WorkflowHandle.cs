using System.Text;
using MassTransit;
using SagaFlow.Client;
using SagaFlow.Contracts;
using SagaFlow.Ingress;
using SagaFlow.Storage;
using SagaFlow.Workflows;

namespace SagaFlow.Testing;

/// <summary>One workflow of a harness: look at it, answer its activities, and say what it should be.</summary>
/// <remarks>It shows what is committed. A failing assertion prints where the workflow stands and what happened last.</remarks>
/// <typeparam name="TMachine">Its state machine.</typeparam>
/// <typeparam name="TInstance">Its state.</typeparam>
public sealed class WorkflowHandle<TMachine, TInstance>
    where TMachine : WorkflowStateMachine<TInstance>
    where TInstance : WorkflowInstance
{
    private const int HistoryShown = 12;

    private readonly SagaFlowHarness _harness;

    internal WorkflowHandle(SagaFlowHarness harness, Guid id, Receipt? startReceipt)
    {
        _harness = harness;
        Id = id;
        StartReceipt = startReceipt;
    }

    /// <summary>Gets the workflow id.</summary>
    public Guid Id { get; }

    /// <summary>Gets the receipt of the start that gave this handle; <see langword="null"/> when the workflow was found by its key.</summary>
    public Receipt? StartReceipt { get; }

    /// <summary>Gets the workflow's state as it is stored now: a copy, which changes nothing.</summary>
    // The embedded store reads without waiting, so that the answer is there when the call returns.
    public TInstance Instance => WorkflowDocument.Read<TInstance>(
        _harness.DefinitionOf<TMachine>().Machine.Migrate(RowAsync().GetAwaiter().GetResult()));

    /// <summary>Finds an activity of the workflow.</summary>
    /// <param name="name">Its name, which means the latest of that name, or its id such as <c>GetRoute-1</c>.</param>
    /// <exception cref="HarnessAssertionException">No request of it has been delivered.</exception>
    public ActivityHandle Activity(string name) => new(_harness, Id, name);

    /// <summary>Gives the workflow a message of its author's, as a client would.</summary>
    /// <param name="message">The message.</param>
    /// <param name="eventName">The signal's name; by default the one that takes messages of this type's name.</param>
    /// <param name="messageId">The message's id; by default a new one. The same id twice is the same message.</param>
    /// <returns>The receipt, once everything that follows has happened.</returns>
    public Task<Receipt> SignalAsync(object message, string? eventName = null, string? messageId = null) =>
        _harness.SignalAsync(Id, message, eventName, messageId);

    /// <summary>Reads what a client would see of the workflow.</summary>
    public async Task<WorkflowDescription> DescribeAsync() => Descriptions.Of(await RowAsync());

    /// <summary>Reads the workflow's activities, in the order in which they were scheduled.</summary>
    public async Task<IReadOnlyList<ActivityDescription>> ActivitiesAsync()
    {
        var activities = await _harness.Engine.Reader.ReadActivitiesAsync(Id, CancellationToken.None);
        return [.. activities.Select(Descriptions.Of)];
    }

    /// <summary>Reads everything that happened to the workflow, oldest first.</summary>
    public async Task<WorkflowHistory> HistoryAsync()
    {
        var history = await _harness.Engine.Reader.ReadHistoryAsync(Id, 0, int.MaxValue, CancellationToken.None);
        return new WorkflowHistory([.. history.Select(Descriptions.Of)]);
    }

    /// <summary>Says that the workflow runs and stands in a state.</summary>
    /// <param name="state">Which one, such as <c>x => x.Escalated</c> or <c>x => x.GetRoute.Pending</c>.</param>
    /// <exception cref="HarnessAssertionException">It does not.</exception>
    public async Task ShouldBeInAsync(Func<TMachine, State> state)
    {
        var expected = state(_harness.Engine.Get<TMachine>()).Name;
        var row = await RowAsync();
        if (row.Status != WorkflowStatus.Running || row.State != expected)
        {
            throw await NotAsync($"should be in state '{expected}'", row);
        }
    }

    /// <summary>Says that the workflow completed.</summary>
    /// <returns>Its result.</returns>
    /// <exception cref="HarnessAssertionException">It did not.</exception>
    public async Task<TResult> ShouldBeCompletedAsync<TResult>()
    {
        var row = await RowAsync();
        return row.Status == WorkflowStatus.Completed
            ? RawJson.Read<TResult>(row.Result ?? "null")
            : throw await NotAsync("should be completed", row);
    }

    /// <summary>Says that the workflow failed.</summary>
    /// <returns>Why.</returns>
    /// <exception cref="HarnessAssertionException">It did not.</exception>
    public async Task<ActivityFailure> ShouldHaveFailedAsync()
    {
        var row = await RowAsync();
        return row is { Status: WorkflowStatus.Failed, Failure: { } failure }
            ? RawJson.Read<ActivityFailure>(failure)
            : throw await NotAsync("should have failed", row);
    }

    /// <summary>Cancels the workflow, as a client would.</summary>
    /// <param name="reason">Why, for its history and for the holders of its activities.</param>
    /// <returns>The receipt, once everything that follows has happened.</returns>
    public Task<Receipt> CancelAsync(string? reason = null) => _harness.CancelAsync(Id, reason);

    /// <summary>Says how the workflow ended without a result.</summary>
    /// <param name="status">How: <see cref="WorkflowStatus.Canceled"/>, <see cref="WorkflowStatus.TimedOut"/> or <see cref="WorkflowStatus.Failed"/>.</param>
    /// <returns>Why.</returns>
    /// <exception cref="HarnessAssertionException">It did not end so.</exception>
    public async Task<ActivityFailure> ShouldHaveEndedAsync(WorkflowStatus status)
    {
        var row = await RowAsync();
        return row.Status == status && row.Failure is { } failure
            ? RawJson.Read<ActivityFailure>(failure)
            : throw await NotAsync($"should have ended as {status}", row);
    }

    private async Task<WorkflowRecord> RowAsync() =>
        await _harness.Engine.Reader.FindWorkflowAsync(Id, CancellationToken.None)
        ?? throw new HarnessAssertionException($"There is no workflow {Id} of type '{_harness.DefinitionOf<TMachine>().Type}': nothing has started it.");

    private async Task<HarnessAssertionException> NotAsync(string expectation, WorkflowRecord row)
    {
        var text = new StringBuilder()
            .Append($"Workflow '{row.BusinessKey}' ({row.Type}) {expectation}, but at {_harness.Now:O} it is {row.Status} in state '{row.State}'.");
        if (row.Failure is { } raw && RawJson.Read<ActivityFailure>(raw) is { } failure)
        {
            text.AppendLine().Append($"It failed with {failure.Type}: {failure.Message} {failure.Details}");
        }

        foreach (var activity in (await ActivitiesAsync()).Where(x => x.ClosedAt is null))
        {
            text.AppendLine().Append($"Open: '{activity.Id}', {activity.Status}, attempt {activity.Attempt}, due {activity.DueAt:O}");
        }

        text.AppendLine().AppendLine("Its last history:").Append((await HistoryAsync()).Last(HistoryShown));
        return new HarnessAssertionException(text.ToString());
    }
}
