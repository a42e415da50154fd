using SagaFlow.Contracts;
using SagaFlow.Testing;

namespace SagaFlow.Tests.Workflows.Matrix;

/// <summary>Something that can come to a workflow from outside.</summary>
/// <param name="Name">What it is, as in <c>Pack.Completed</c>.</param>
internal sealed record MachineEvent(string Name)
{
    private static readonly string[] Activities = ["Weigh", "Pack", "Label", "Insure", "Items"];
    private static readonly string[] Happenings = ["Started", "Heartbeat", "Completed", "Failed", "TimedOut", "Canceled", "Released"];

    private static readonly string[] Others =
    [
        "Start again", "Start with other input", "Start by the bus again", "Note", "Recount", "Note by the bus", "Recount by the bus", "Finish",
        "Signal nobody knows", "Signal of another shape", "Reminder", "Cancel", "Timeout",
    ];

    public static IReadOnlyList<MachineEvent> All { get; } =
    [
        .. from activity in Activities
           from happening in Happenings
           select new MachineEvent($"{activity}.{happening}"),
        .. Others.Select(x => new MachineEvent(x)),
    ];

    /// <summary>The activity that it is about; null for none.</summary>
    public string? Activity => Name.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot ? Name[..dot] : null;

    /// <summary>What becomes of that activity.</summary>
    public string? Happening => Activity is { } activity ? Name[(activity.Length + 1)..] : null;

    /// <summary>Whether the activity ends by it, so that the workflow must hear of it.</summary>
    public bool IsOutcome => Happening is "Completed" or "Failed" or "TimedOut" or "Canceled";

    /// <summary>Which deadline is to be short, so that the passing of time is the event; empty for none.</summary>
    public string Soon => Name switch
    {
        "Reminder" => "Reminder",
        "Timeout" => "workflow",
        _ => Happening is "TimedOut" ? Activity! : "",
    };

    /// <summary>Makes it happen to a workflow. What nobody answers, such as the passing of time, has no receipt.</summary>
    public async Task<Receipt?> HappenAsync(
        SagaFlowHarness<ParcelWorkflow, ParcelInstance> flow, WorkflowHandle<ParcelWorkflow, ParcelInstance> parcel, ParcelSent start)
    {
        switch (Name)
        {
            case "Start by the bus again":
                await flow.PublishAsync(start);
                return null;
            case "Note by the bus":
                await flow.PublishAsync(new ParcelNote(start.Number));
                return null;
            case "Recount by the bus":
                await flow.PublishAsync(new ParcelRecount(start.Number));
                return null;
            case var _ when Soon.Length > 0:
                await flow.AdvanceAsync(TimeSpan.FromSeconds(10));
                return null;
            default:
                return Activity is { } activity ? await AnswerAsync(parcel.Activity(activity)) : await AskAsync(flow, parcel, start);
        }
    }

    private async Task<Receipt?> AskAsync(
        SagaFlowHarness<ParcelWorkflow, ParcelInstance> flow, WorkflowHandle<ParcelWorkflow, ParcelInstance> parcel, ParcelSent start) => Name switch
    {
        "Start again" => (await flow.StartAsync(start)).StartReceipt,
        "Start with other input" => (await flow.StartAsync(start with { Soon = "nothing" })).StartReceipt,
        "Note" => await parcel.SignalAsync(new ParcelNote(start.Number), "Note"),
        "Recount" => await parcel.SignalAsync(new ParcelRecount(start.Number), "Recount"),
        "Finish" => await parcel.SignalAsync(new ParcelFinish(start.Number), "Finish"),
        "Signal nobody knows" => await parcel.SignalAsync(new ParcelNote(start.Number), "Nothing"),
        "Signal of another shape" => await parcel.SignalAsync(new[] { 1, 2 }, "Note"),
        "Cancel" => await parcel.CancelAsync("not needed"),
        _ => throw new InvalidOperationException(Name),
    };

    private Task<Receipt> AnswerAsync(ActivityHandle activity) => Happening switch
    {
        "Started" => activity.StartedAsync(),
        "Heartbeat" => activity.HeartbeatAsync(1),
        "Completed" => activity.CompleteAsync(1),
        "Failed" => activity.FailAsync(ActivityFailure.NonRetryable("Odd", "No.")),
        "Canceled" => activity.CanceledAsync(),
        "Released" => activity.ReleasedAsync(),
        _ => throw new InvalidOperationException(Name),
    };
}
