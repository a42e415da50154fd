using SagaFlow.Contracts;

namespace SagaFlow.Tests.Workflows.Matrix;

/// <summary>The rules for one cell, told a second time from the workflow's table: a state handles an event, ignores it, or the rule for
/// what is not handled applies.</summary>
internal static class MachineExpectation
{
    private static readonly Dictionary<string, string[]> Handled = new(StringComparer.Ordinal)
    {
        ["Weigh.Pending"] = ["Weigh.Completed", "Weigh.Failed"],
        ["Packing"] = ["Pack.Completed", "Pack.Failed", "Pack.TimedOut", "Pack.Canceled", "Pack.Heartbeat", "Note", "Reminder"],
        ["Joining"] = ["Label.Failed"],
        ["Counting"] = [],
    };

    public static string Of(string state, MachineEvent @event) =>
        state.StartsWith("Final", StringComparison.Ordinal) ? AfterTheEnd(state, @event) : WhileRunning(state, @event);

    private static string WhileRunning(string state, MachineEvent @event) => @event.Name switch
    {
        "Start again" => "told Duplicate",
        "Start with other input" => "told DuplicateConflict",
        "Start by the bus again" => "nothing",
        "Signal nobody knows" or "Signal of another shape" => "told Malformed",
        "Cancel" => "ends: Canceled",
        "Timeout" => "ends: TimedOut",
        "Finish" => "ends: Completed",
        "Note" or "Note by the bus" => state == "Packing" ? "raises Note" : "kept",
        "Recount" => state == "Packing" ? "dropped" : "kept",
        "Recount by the bus" => state == "Packing" ? "nothing" : "kept",
        "Reminder" => state == "Packing" ? "raises Reminder" : "kept",
        _ => OfActivity(state, @event.Activity!, @event.Happening!),
    };

    private static string OfActivity(string state, string activity, string happening)
    {
        var exact = $"{activity}.{happening}";
        var nearest = Handled[state].Contains(exact) || happening is "Completed" ? exact : $"{activity}.Failed";
        return happening switch
        {
            "Started" or "Released" => "noted",
            "Heartbeat" => Handled[state].Contains(exact) ? $"raises {exact}" : "noted",
            // A member of a fan-out ends for its group, which is joined with whatever came of it.
            _ when activity == "Items" => state == "Counting" ? "raises Items.Joined" : "fails: not handled",
            _ when Handled[state].Contains(nearest) => $"raises {nearest}",
            "Completed" when state == "Joining" && activity is ("Label" or "Insure") => "remembered for the join",
            "Completed" when state == "Packing" && activity == "Weigh" => "dropped",
            _ => "fails: not handled",
        };
    }

    private static string AfterTheEnd(string state, MachineEvent @event)
    {
        var closed = $"told {(state == "Final, canceled" ? Disposition.Canceled : Disposition.WorkflowClosed)}";
        return @event.Name switch
        {
            "Start again" => "told Duplicate",
            "Start with other input" => "told DuplicateConflict",
            "Signal nobody knows" or "Signal of another shape" => "told Malformed",
            "Cancel" => state == "Final, canceled" ? "told Duplicate" : "told WorkflowClosed",
            _ when @event.Soon.Length > 0 || @event.Name.EndsWith("by the bus", StringComparison.Ordinal) || @event.Name == "Start by the bus again" => "nothing",
            _ when @event.Happening is "Started" or "Heartbeat" => "told ActivityClosed",
            // It was this very answer that the workflow could not handle.
            "Weigh.Completed" when state == "Final, failed" => "told Duplicate",
            _ when @event.Activity == "Weigh" && state == "Final, failed" => "told DuplicateConflict",
            _ => closed,
        };
    }
}
