using MassTransit;

namespace SagaFlow.Tests.Workflows;

/// <summary>A workflow whose own code raises events: some before a state handles them.</summary>
public sealed class EchoWorkflow : WorkflowStateMachine<EchoInstance>
{
    public EchoWorkflow()
    {
        StartedBy(() => Called, x => x.BusinessKey(m => m.Place));
        SignaledBy(() => Answered, x => x.BusinessKey(m => m.Place));
        SignaledBy(() => Listened, x => x.BusinessKey(m => m.Place));
        Event(() => Silence);

        Initially(When(Called)
            .If(x => x.Message.Bare, x => x.ThenAsync(y => y.Raise(Silence)))
            .If(x => !x.Message.Bare, x => x.ThenAsync(async y =>
            {
                await y.Raise(Answered, new EchoAnswered(y.Message.Place, "first"));
                await y.Raise(Answered, new EchoAnswered(y.Message.Place, "second"));
            }))
            .IfElse(x => x.Message.AtOnce, x => x.TransitionTo(Listening), x => x.TransitionTo(Waiting)));
        During(Waiting, When(Listened).TransitionTo(Listening));
        During(Listening, When(Answered).Then(x => x.Saga.Heard.Add(x.Message.Text)));
    }

    public Event<EchoCalled> Called { get; private set; } = null!;

    public Event<EchoAnswered> Answered { get; private set; } = null!;

    public Event<EchoListened> Listened { get; private set; } = null!;

    public Event Silence { get; private set; } = null!;

    public State Waiting { get; private set; } = null!;

    public State Listening { get; private set; } = null!;
}

public sealed class EchoInstance : WorkflowInstance
{
    public List<string> Heard { get; set; } = [];
}

public sealed record EchoCalled(string Place, bool Bare = false, bool AtOnce = false);

public sealed record EchoAnswered(string Place, string Text);

public sealed record EchoListened(string Place);
