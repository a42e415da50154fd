using MassTransit;

namespace SagaFlow.Tests.Workflows;

/// <summary>Raises a message again that was kept for it, before the state that is to have it.</summary>
public sealed class RelayWorkflow : WorkflowStateMachine<RelayInstance>
{
    public RelayWorkflow()
    {
        StartedBy(() => RelayOpened, x => x.BusinessKey(m => m.Line));
        SignaledBy(() => RelaySpoken, x => x.BusinessKey(m => m.Line));
        SignaledBy(() => RelaySwitched, x => x.BusinessKey(m => m.Line));

        Initially(When(RelayOpened).TransitionTo(Waiting));
        During(Waiting, When(RelaySwitched).TransitionTo(Passing));
        During(Passing, When(RelaySpoken).TransitionTo(Holding).ThenAsync(async x =>
        {
            if (x.Saga.AddsOwn)
            {
                await x.Raise(RelaySpoken, new RelaySpoken(x.Message.Line, "own"));
            }

            await x.Raise(RelaySpoken, x.Message);
        }));
        During(Holding, When(RelaySwitched).TransitionTo(Hearing));
        During(Hearing, When(RelaySpoken).Then(x => x.Saga.Heard.Add(x.Message.Text)));
    }

    public Event<RelayOpened> RelayOpened { get; private set; } = null!;

    public Event<RelaySpoken> RelaySpoken { get; private set; } = null!;

    public Event<RelaySwitched> RelaySwitched { get; private set; } = null!;

    public State Waiting { get; private set; } = null!;

    public State Passing { get; private set; } = null!;

    public State Holding { get; private set; } = null!;

    public State Hearing { get; private set; } = null!;
}

public sealed class RelayInstance : WorkflowInstance
{
    public bool AddsOwn { get; set; } = true;

    public List<string> Heard { get; set; } = [];
}

public sealed record RelayOpened(string Line);

public sealed record RelaySpoken(string Line, string Text);

public sealed record RelaySwitched(string Line);
