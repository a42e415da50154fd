using System.Text;
using SagaFlow.Storage;
using SagaFlow.Testing;
using SagaFlow.Tests.Tidy;

namespace SagaFlow.Tests.Workflows.Matrix;

/// <summary>Every state of a workflow times everything that can come to it, through the engine as a user runs it.</summary>
public sealed class MachineMatrixTests
{
    private const string Table = "tests/SagaFlow.Tests/Workflows/Matrix/MachineMatrix.txt";

    [Fact]
    [Trait("Req", "P10")]
    [Trait("Req", "REL-I1")]
    public async Task Every_state_makes_something_of_every_event_and_it_is_what_was_reviewed()
    {
        var cells = await PlayAsync();

        Assert.DoesNotContain(cells, x => x.Word == "?");
        Assert.All(cells, x => Assert.Equal($"{x.State}, {x.Event.Name}: {MachineExpectation.Of(x.State, x.Event)}", $"{x.State}, {x.Event.Name}: {x.Word}"));
        Snapshot.Verify(Table, Render(cells), "MachineMatrix");
    }

    private static async Task<IReadOnlyList<MachineCell>> PlayAsync()
    {
        var cells = new List<MachineCell>();
        foreach (var state in MachineCell.States)
        {
            await using var flow = await SagaFlowHarness.StartAsync(x => x.AddWorkflow<ParcelWorkflow, ParcelInstance>());
            foreach (var @event in MachineEvent.All)
            {
                cells.Add(await MachineCell.PlayAsync(flow, state, @event, cells.Count));
            }

            Assert.Empty(await flow.Engine.Get<IQuarantine>().ReadAsync(1, default));
        }

        return cells;
    }

    private static string Render(IEnumerable<MachineCell> cells)
    {
        var text = new StringBuilder("# What each state of a workflow makes of each event: the event, what it came to, the state then, the history it left.\n");
        foreach (var group in cells.GroupBy(x => x.State))
        {
            text.Append($"\n## {group.Key}\n");
            text.AppendJoin("", group.Select(x => $"{x.Line}\n"));
        }

        return text.ToString();
    }
}
