using SagaFlow.Simulation.Oracle;
using SagaFlow.Storage;

namespace SagaFlow.Simulation.Worlds;

/// <summary>The last look at a world that has come to rest: whoever still waits must be allowed to.</summary>
internal static class Audit
{
    public static void Run(World world)
    {
        foreach (var workflow in world.Workflows)
        {
            if (world.Plan.Only?.Contains(workflow.Index) != false)
            {
                Look(world, workflow);
            }
        }

        if (!world.Database.IsOutboxEmpty)
        {
            world.Oracle.Break("V2", "the outbox is not empty", -1, world.Now);
        }

        if (!world.Broker.IsEmpty)
        {
            world.Oracle.Break("V5", "messages wait for an engine", -1, world.Now);
        }
    }

    private static void Look(World world, WorkflowRow workflow)
    {
        var model = world.Oracle.Workflow(workflow.Index);
        world.Tally.Endings[(int)model.Standing]++;
        world.Tally.Completed += model.Standing == WorkflowStanding.Completed ? 1 : 0;
        if (model.Standing != workflow.Program.Standing)
        {
            Break("I14", $"the row says {workflow.Program.Standing}, its history {model.Standing}");
        }

        if (model.Standing == WorkflowStanding.Absent)
        {
            Break("V1", "the workflow was never started");
        }

        if (!model.IsOver && !MayWait(workflow, model))
        {
            Break("V1", $"the workflow waits for ever: for {workflow.Program.Waiting} {workflow.Program.Pending}/{workflow.Program.Number} in step {workflow.Program.Step}");
        }

        for (var i = 0; i < model.Activities.Count; i++)
        {
            if (ActivityImage.Compare(model.Activities[i].Image, Translation.Image(workflow.Activities[i].State)) is { } difference)
            {
                Break(difference.Invariant, $"activity {i} at the end: {difference.Difference}");
            }

            if (model.Activities[i].Image.DueKind != DueKind.None)
            {
                Break("V2", $"the deadline of activity {i} has passed and nobody rang");
            }
        }

        if (model.Timers.Count > 0 || workflow.Timers.Count > 0)
        {
            Break("V6", "a timer is left");
        }

        void Break(string invariant, string text) => world.Oracle.Break(invariant, text, workflow.Index, world.Now);
    }

    /// <summary>A signal that nobody sends, or an attempt without any deadline whose worker is gone.</summary>
    private static bool MayWait(WorkflowRow workflow, WorkflowModel model) => workflow.Program.Waiting switch
    {
        Waiting.Signal => model.Kept.Count == 0,
        Waiting.Activity or Waiting.Race => HasPatientActivity(model),
        Waiting.Group => HasPatientActivity(model) && workflow.Groups[workflow.Program.Number].Status == GroupStatus.Open
            && !model.Groups[workflow.Program.Number].IsMet,
        _ => false,
    };

    private static bool HasPatientActivity(WorkflowModel model) =>
        model.Activities.Exists(x => x.Image is { Standing: Standing.Started, DueKind: DueKind.None });
}
