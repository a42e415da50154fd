using MassTransit;

namespace SagaFlow.IntegrationTests.RabbitMq;

/// <summary>A letter as it was deployed first.</summary>
public sealed class LetterWorkflow : WorkflowStateMachine<LetterInstance>
{
    public LetterWorkflow()
    {
        StartedBy(() => LetterBegun, x => x.BusinessKey(m => m.Name));
        SignaledBy(() => LineAdded, x => x.BusinessKey(m => m.Name));
        SignaledBy(() => LetterSent, x => x.BusinessKey(m => m.Name));

        Initially(When(LetterBegun).TransitionTo(Open));
        During(Open,
            When(LineAdded).Then(x => x.Saga.Lines.Add(x.Message.Text)),
            When(LetterSent).Complete(x => x.Saga.Lines));
    }

    public Event<LetterBegun> LetterBegun { get; private set; } = null!;

    public Event<LineAdded> LineAdded { get; private set; } = null!;

    public Event<LetterSent> LetterSent { get; private set; } = null!;

    public State Open { get; private set; } = null!;
}

public sealed class LetterInstance : WorkflowInstance
{
    public List<string> Lines { get; set; } = [];
}

/// <summary>The next version: a letter has a greeting.</summary>
public sealed class GreetingLetterWorkflow : WorkflowStateMachine<GreetingLetterInstance>
{
    public GreetingLetterWorkflow()
    {
        StartedBy(() => LetterBegun, x => x.BusinessKey(m => m.Name));
        SignaledBy(() => LineAdded, x => x.BusinessKey(m => m.Name));
        SignaledBy(() => LetterSent, x => x.BusinessKey(m => m.Name));

        Initially(When(LetterBegun).TransitionTo(Open));
        During(Open,
            When(LineAdded).Then(x => x.Saga.Lines.Add(x.Message.Text)),
            When(LetterSent).Complete(x => new[] { x.Saga.Greeting }.Concat(x.Saga.Lines).ToList()));
    }

    public Event<LetterBegun> LetterBegun { get; private set; } = null!;

    public Event<LineAdded> LineAdded { get; private set; } = null!;

    public Event<LetterSent> LetterSent { get; private set; } = null!;

    public State Open { get; private set; } = null!;

    protected override int Version => 2;
}

public sealed class GreetingLetterInstance : WorkflowInstance
{
    public string Greeting { get; set; } = "";

    public List<string> Lines { get; set; } = [];
}

public sealed record LetterBegun(string Name);

public sealed record LineAdded(string Name, string Text);

public sealed record LetterSent(string Name);
