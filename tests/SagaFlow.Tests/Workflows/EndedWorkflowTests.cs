using SagaFlow.Activities;
using SagaFlow.Contracts;
using SagaFlow.Testing;
using SagaFlow.Tests.Workflows.Matrix;

namespace SagaFlow.Tests.Workflows;

/// <summary>What comes for a workflow that has ended: it is told so, and nothing is touched.</summary>
public sealed class EndedWorkflowTests
{
    public static TheoryData<string, string> Ends
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var end in new[] { "completed", "failed", "canceled", "timed out" })
            {
                foreach (var late in new[] { "complete", "fail", "stop", "release", "start", "beat", "ring" })
                {
                    data.Add(end, late);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Ends))]
    [Trait("Req", "REL-R21")]
    [Trait("Req", "REL-I1")]
    [Trait("Req", "REL-4.6-19")]
    public async Task A_late_end_of_its_activity_is_recorded_nowhere_and_the_workflow_stays_as_it_is(string end, string late)
    {
        await using var flow = await SagaFlowHarness.StartAsync(x => x.AddWorkflow<ParcelWorkflow, ParcelInstance>());
        var parcel = await flow.StartAsync(new ParcelSent("P-1", "Joining", end == "timed out" ? "workflow" : ""));
        await parcel.Activity("Insure").StartedAsync();
        var ring = await RingAsync(flow, parcel.Id);
        await (end switch
        {
            "completed" => parcel.SignalAsync(new ParcelFinish("P-1"), "Finish"),
            "failed" => parcel.Activity("Weigh").CompleteAsync(1),
            "canceled" => parcel.CancelAsync(),
            _ => flow.AdvanceAsync(TimeSpan.FromSeconds(10)),
        });
        var before = await EverythingAsync(parcel);

        var receipt = await LateAsync(parcel.Activity("Insure"), new SecondEngine(flow.Engine.Get<IServiceProvider>()), ring, late);

        var expected = late switch
        {
            "ring" => Disposition.Ignored,
            "start" or "beat" => Disposition.ActivityClosed,
            _ => end == "canceled" ? Disposition.Canceled : Disposition.WorkflowClosed,
        };
        Assert.Equal((expected, late is not "ring"), (receipt.Disposition, receipt.CancelRequested));
        Assert.Equal(before, await EverythingAsync(parcel));
    }

    private static async Task<ActivityEvent.Ring> RingAsync(SagaFlowHarness flow, Guid workflowId)
    {
        var loaded = await flow.Engine.Get<SagaFlow.Storage.IWorkflowStore>().LoadAsync([new(workflowId) { ActivityId = "Insure-1" }], default);
        var state = loaded[0].Activity!.State;
        return new ActivityEvent.Ring(state.Attempt, state.Due!.Kind, state.Due.Version);
    }

    private static Task<Receipt> LateAsync(ActivityHandle activity, SecondEngine engine, ActivityEvent.Ring ring, string late) => late switch
    {
        "complete" => activity.CompleteAsync(1),
        "fail" => activity.FailAsync("Odd", "No."),
        "stop" => activity.CanceledAsync(),
        "release" => activity.ReleasedAsync(),
        "start" => activity.StartedAsync(),
        "beat" => activity.HeartbeatAsync(1),
        _ => engine.RingAsync(activity.Request.WorkflowId, activity.Id, ring),
    };

    private static async Task<string> EverythingAsync(WorkflowHandle<ParcelWorkflow, ParcelInstance> parcel) =>
        $"{await parcel.DescribeAsync()} {string.Join('\n', await parcel.ActivitiesAsync())} {await parcel.HistoryAsync()}";
}
