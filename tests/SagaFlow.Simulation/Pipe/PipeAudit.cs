using SagaFlow.Activities;
using SagaFlow.Simulation.Oracle;
using SagaFlow.Simulation.Worlds;
using SagaFlow.Storage;

namespace SagaFlow.Simulation.Pipe;

/// <summary>The last look at the database of a piped world that has come to rest.</summary>
internal static class PipeAudit
{
    public static async Task RunAsync(PipeWorld world, PipeEngine engine)
    {
        var reader = engine.Get<IWorkflowReader>();
        foreach (var program in world.Programs)
        {
            if (world.Plan.Only?.Contains(program.Index) != false)
            {
                await LookAsync(world, program, reader);
            }
        }

        if (await engine.Get<IAlarmStore>().NextDueAsync(CancellationToken.None) is { } due)
        {
            world.Oracle.Break("V2", $"a deadline is left: {due:O}", -1, world.Now);
        }

        if ((await reader.ReadMetGroupsAsync(null, 1, CancellationToken.None)).Count > 0)
        {
            world.Oracle.Break("V1", "a group's condition is met and nobody was told", -1, world.Now);
        }

        var quarantined = (await engine.Get<IQuarantine>().ReadAsync(int.MaxValue, CancellationToken.None)).Count;
        if (quarantined != world.Unreadable.Count)
        {
            world.Oracle.Break("V4", $"{quarantined} messages are in quarantine, {world.Unreadable.Count} were unreadable", -1, world.Now);
        }
    }

    private static async Task LookAsync(PipeWorld world, Program program, IWorkflowReader reader)
    {
        var model = world.Oracle.Workflow(program.Index);
        world.Tally.Endings[(int)model.Standing]++;
        world.Tally.Completed += model.Standing == WorkflowStanding.Completed ? 1 : 0;
        var row = await reader.FindWorkflowAsync(program.Id, CancellationToken.None);
        var activities = await reader.ReadActivitiesAsync(program.Id, CancellationToken.None);
        if (row?.Status.ToString() != model.Standing.ToString() || row?.Version != model.Version)
        {
            Break("I14", $"the row says {row?.Status} in version {row?.Version}, its history {model.Standing} in {model.Version}");
        }

        var awaitsSignal = row?.State == nameof(ProgramMachine.Listening) && model.Kept.Count == 0;
        if (!model.IsOver && !awaitsSignal && !activities.Any(x => x is { Status: ActivityStatus.Started, Due: null }))
        {
            Break("V1", $"the workflow waits for ever in state {row?.State}");
        }

        foreach (var state in activities)
        {
            var index = program.IndexOf(state.Id);
            if (index < 0 || ActivityImage.Compare(model.Activities[index].Image, Translation.Image(state)) is { } difference)
            {
                Break("I14", $"activity {state.Id} at the end is not what its history says");
            }
        }

        void Break(string invariant, string text) => world.Oracle.Break(invariant, text, program.Index, world.Now);
    }
}
