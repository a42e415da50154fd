using SagaFlow.Contracts;
using SagaFlow.Storage;
using SagaFlow.Testing;
using SagaFlow.Workflows;

namespace SagaFlow.Tests.Workflows.Matrix;

/// <summary>What one state of the workflow made of one event.</summary>
/// <param name="State">The state, as the matrix names it.</param>
/// <param name="Event">What came.</param>
/// <param name="Receipt">What its sender was told; null when nobody is told.</param>
/// <param name="Before">The workflow before it.</param>
/// <param name="After">The workflow after it.</param>
/// <param name="History">The lines of history that it left.</param>
/// <param name="Heard">What the author's code saw of it.</param>
/// <param name="TouchedActivity">Whether an activity changed.</param>
internal sealed record MachineCell(
    string State, MachineEvent Event, Receipt? Receipt, WorkflowRecord Before, WorkflowRecord After, IReadOnlyList<string> History, string? Heard, bool TouchedActivity)
{
    public static readonly IReadOnlyList<string> States =
        ["Weigh.Pending", "Packing", "Joining", "Counting", "Final, completed", "Final, failed", "Final, canceled", "Final, timed out"];

    /// <summary>What it came to, in one of a few words; a question mark where none of them fits.</summary>
    public string Word => this switch
    {
        { Receipt.Disposition: Disposition.Kept } => "kept",
        { Receipt.Disposition: Disposition.Ignored } => "dropped",
        { Receipt: { Disposition: not Disposition.Applied } told } => $"told {told.Disposition}",
        { After.Status: WorkflowStatus.Failed, Before.Status: WorkflowStatus.Running } when IsUnhandled => "fails: not handled",
        { Before.Status: WorkflowStatus.Running, After.Status: not WorkflowStatus.Running } => $"ends: {After.Status}",
        { Heard: not null } => $"raises {Heard}",
        _ when After.Waits != Before.Waits => "remembered for the join",
        _ when History.Contains("EventKept") => "kept",
        _ when Event.IsOutcome && History.Count > 0 => "dropped",
        _ when TouchedActivity => "noted",
        { Receipt: null } when History.Count == 0 => "nothing",
        _ => "?",
    };

    /// <summary>The line that a person reviews.</summary>
    public string Line => $"{Event.Name,-24} {Word,-26} {(Before.State == After.State ? "(same)" : After.State),-8} {string.Join(", ", Runs())}".TrimEnd();

    private bool IsUnhandled => After.Failure!.Contains("does not handle", StringComparison.Ordinal);

    private IEnumerable<string> Runs()
    {
        for (var i = 0; i < History.Count;)
        {
            var length = History.Skip(i).TakeWhile(x => x == History[i]).Count();
            yield return length == 1 ? History[i] : $"{length} x {History[i]}";
            i += length;
        }
    }

    public static async Task<MachineCell> PlayAsync(SagaFlowHarness<ParcelWorkflow, ParcelInstance> flow, string state, MachineEvent @event, int number)
    {
        var start = new ParcelSent(
            $"P-{number}", state.StartsWith("Final", StringComparison.Ordinal) ? "Counting" : state, state == "Final, timed out" ? "workflow" : @event.Soon);
        var parcel = await flow.StartAsync(start);
        await EndAsync(flow, parcel, state, start);
        var (before, lines, seen) = (await RowAsync(), await parcel.HistoryAsync(), parcel.Instance.Seen.Count);
        var activities = await parcel.ActivitiesAsync();

        var receipt = await @event.HappenAsync(flow, parcel, start);

        var history = (await parcel.HistoryAsync()).Skip(lines.Count).Select(x => x.Kind).ToList();
        var heard = parcel.Instance.Seen.Skip(seen).SingleOrDefault();
        var touched = !activities.Select(x => x.ToString()).SequenceEqual((await parcel.ActivitiesAsync()).Select(x => x.ToString()));
        return new MachineCell(state, @event, receipt, before, await RowAsync(), history, heard, touched);

        async Task<WorkflowRecord> RowAsync() => (await flow.Engine.Reader.FindWorkflowAsync(parcel.Id, default))!;
    }

    private static Task EndAsync(
        SagaFlowHarness<ParcelWorkflow, ParcelInstance> flow, WorkflowHandle<ParcelWorkflow, ParcelInstance> parcel, string state, ParcelSent start) => state switch
    {
        "Final, completed" => parcel.SignalAsync(new ParcelFinish(start.Number), "Finish"),
        "Final, failed" => parcel.Activity("Weigh").CompleteAsync(1),
        "Final, canceled" => parcel.CancelAsync("not needed"),
        "Final, timed out" => flow.AdvanceAsync(TimeSpan.FromSeconds(10)),
        _ => Task.CompletedTask,
    };
}
