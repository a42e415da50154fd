using System.Text.Json.Nodes;
using MassTransit;

namespace SagaFlow.Tests.Joins;

/// <summary>Has a work judged by several at once, and begins again when it is withdrawn.</summary>
public class JuryWorkflow : WorkflowStateMachine<JuryInstance>
{
    public JuryWorkflow()
    {
        StartedBy(() => JuryCalled, x =>
        {
            x.BusinessKey(m => m.Work);
            x.Retry(retry =>
            {
                retry.MaximumAttempts = 3;
                retry.InitialInterval = TimeSpan.FromMinutes(1);
            });
        });
        SignaledBy(() => JuryDismissed, x => x.BusinessKey(m => m.Work));
        SignaledBy(() => JuryHurried, x => x.BusinessKey(m => m.Work));
        Activity(() => Judge, a => a.ScheduleToCloseTimeout = TimeSpan.FromHours(1));

        Initially(
            When(JuryCalled).ExecuteEach(Judge, x => x.Message.Judges).TransitionTo(Judge.Pending),
            When(JuryHurried).Complete(_ => new JuryReport([], Hurries: -1)));
        During(Judge.Pending,
            When(Judge.Joined).Complete(x => new JuryReport(x.Message.Results, x.Saga.Hurries)),
            When(JuryHurried).Then(x => x.Saga.Hurries++),
            When(JuryDismissed).Fail(_ => "dismissed"));
    }

    public Event<JuryCalled> JuryCalled { get; private set; } = null!;

    public Event<JuryDismissed> JuryDismissed { get; private set; } = null!;

    public Event<JuryHurried> JuryHurried { get; private set; } = null!;

    public Activity<string, int> Judge { get; private set; } = null!;
}

/// <summary>The next version, which cannot read what the first one stored.</summary>
public sealed class LaterJuryWorkflow : JuryWorkflow
{
    protected override int Version => 2;

    protected override (JsonObject Document, string State) Migrate(JsonObject document, int fromVersion, string state) =>
        throw new NotSupportedException("nothing is to be migrated");
}

public sealed class JuryInstance : WorkflowInstance
{
    public int Hurries { get; set; }
}

public sealed record JuryCalled(string Work, string[] Judges);

public sealed record JuryDismissed(string Work);

public sealed record JuryHurried(string Work);

public sealed record JuryReport(IReadOnlyList<int> Results, int Hurries);
