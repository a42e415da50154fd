using System.Text.Json.Nodes;
using MassTransit;

namespace SagaFlow.Tests.Workflows;

/// <summary>A plan as it was deployed first.</summary>
public sealed class PlanWorkflow : WorkflowStateMachine<PlanInstance>
{
    public PlanWorkflow()
    {
        StartedBy(() => PlanBegun, x => x.BusinessKey(m => m.Name));
        SignaledBy(() => PlanFinished, x => x.BusinessKey(m => m.Name));
        Activity(() => Review, a =>
        {
            a.ScheduleToCloseTimeout = TimeSpan.FromDays(1);
            a.HeartbeatTimeout = TimeSpan.FromHours(1);
        });

        Initially(When(PlanBegun).Then(x => x.Saga.Name = x.Message.Name).ExecuteActivity(Review, x => x.Message.Name).TransitionTo(Drafting));
        During(Drafting, When(PlanFinished).Complete(x => x.Saga.Name));
    }

    public Activity<string, string> Review { get; private set; } = null!;

    public Event<PlanBegun> PlanBegun { get; private set; } = null!;

    public Event<PlanFinished> PlanFinished { get; private set; } = null!;

    public State Drafting { get; private set; } = null!;
}

public sealed class PlanInstance : WorkflowInstance
{
    public string Name { get; set; } = "";
}

/// <summary>The next version: a state and a property have another name, and the title has another form.</summary>
public class PlanWorkflowOfTwo : WorkflowStateMachine<TitledPlanInstance>
{
    public PlanWorkflowOfTwo()
    {
        StartedBy(() => PlanBegun, x => x.BusinessKey(m => m.Name));
        SignaledBy(() => PlanFinished, x => x.BusinessKey(m => m.Name));
        SignaledBy(() => PlanRenamed, x => x.BusinessKey(m => m.Name));
        Activity(() => Review, a =>
        {
            a.ScheduleToCloseTimeout = TimeSpan.FromDays(1);
            a.HeartbeatTimeout = TimeSpan.FromHours(1);
        });
        Activity(() => Print, a => a.ScheduleToCloseTimeout = TimeSpan.FromDays(1));

        Initially(When(PlanBegun).Then(x => x.Saga.Title.Text = x.Message.Name).TransitionTo(Writing));
        During(Writing,
            When(PlanRenamed).Then(x => x.Saga.Title.Text = x.Message.Title),
            When(Review.Completed).Then(x => x.Saga.Title.Text = x.Message.Result),
            When(Review.Heartbeat).Then(x => x.Saga.Title.Text += "?"),
            WhenAll(Review, Print).Complete(x => x.Saga.Title.Text),
            When(PlanFinished).Complete(x => x.Saga.Title.Text));
    }

    public Event<PlanBegun> PlanBegun { get; protected set; } = null!;

    public Event<PlanFinished> PlanFinished { get; protected set; } = null!;

    public Event<PlanRenamed> PlanRenamed { get; protected set; } = null!;

    public Activity<string, string> Review { get; protected set; } = null!;

    public Activity<string, string> Print { get; protected set; } = null!;

    public State Writing { get; protected set; } = null!;

    protected override int Version => 2;

#region migrate
    protected override (JsonObject Document, string State) Migrate(JsonObject document, int fromVersion, string state)
    {
        document["title"] = new JsonObject { ["text"] = (string?)document["name"] };
        document.Remove("name");
        return (document, state == "Drafting" ? "Writing" : state);
    }
#endregion
}

public sealed class TitledPlanInstance : WorkflowInstance
{
    public PlanTitle Title { get; set; } = new();
}

public sealed class PlanTitle
{
    public string Text { get; set; } = "";
}

/// <summary>Counts the version up and forgets the stored workflows.</summary>
public sealed class ForgetfulPlanWorkflow : PlanWorkflowOfTwo
{
    protected override (JsonObject Document, string State) Migrate(JsonObject document, int fromVersion, string state) => (document, state);
}

/// <summary>Cannot migrate.</summary>
public sealed class BrokenPlanWorkflow : PlanWorkflowOfTwo
{
    protected override (JsonObject Document, string State) Migrate(JsonObject document, int fromVersion, string state) =>
        throw new InvalidOperationException($"no way from version {fromVersion}");
}

/// <summary>Migrates to a document that the class cannot read.</summary>
public sealed class UnreadablePlanWorkflow : PlanWorkflowOfTwo
{
    protected override (JsonObject Document, string State) Migrate(JsonObject document, int fromVersion, string state) =>
        (new JsonObject { ["title"] = 7 }, "Writing");
}

public sealed record PlanBegun(string Name);

public sealed record PlanFinished(string Name);

public sealed record PlanRenamed(string Name, string Title);
