using MassTransit;

namespace SagaFlow.Tests.Joins;

/// <summary>Scores and mails in parallel groups, then scores once more and stops at the first failure.</summary>
public sealed class CampaignWorkflow : WorkflowStateMachine<CampaignInstance>
{
    public CampaignWorkflow()
    {
        StartedBy(() => CampaignAsked, x => x.BusinessKey(m => m.Key));
        Activity(() => Score, a => a.ScheduleToCloseTimeout = TimeSpan.FromHours(1));
        Activity(() => Mail, a => a.ScheduleToCloseTimeout = TimeSpan.FromHours(1));

        Initially(When(CampaignAsked)
            .ExecuteEach(Score, x => x.Message.Items.Select(item => new ScoreArguments(item)))
            .ExecuteEach(Mail, x => x.Message.Items.Select(item => new ScoreArguments(item)))
            .TransitionTo(First));

        During(First,
            When(Score.Joined)
                .Then(x => x.Saga.Log.Add($"scored {string.Join('+', x.Message.Results)}"))
                .ExecuteEach(Score, _ => [new ScoreArguments("again"), new ScoreArguments("and again")], (_, each) => each.FailFast = true)
                .TransitionTo(Second),
            When(Mail.Joined).Then(x => x.Saga.Log.Add("mailed in First")));

        During(Second,
            When(Mail.Joined).Then(x => x.Saga.Log.Add("mailed in Second")),
            When(Score.Joined)
                .Then(x => x.Saga.Log.Add($"{x.Message.Succeeded} {string.Join(' ', x.Message.Members.Select(m => $"{m.ActivityId} {m.Outcome}"))}"))
                .Complete(x => x.Saga.Log));
    }

    public Event<CampaignAsked> CampaignAsked { get; private set; } = null!;

    public Activity<ScoreArguments, int> Score { get; private set; } = null!;

    public Activity<ScoreArguments, bool> Mail { get; private set; } = null!;

    public State First { get; private set; } = null!;

    public State Second { get; private set; } = null!;
}

public sealed class CampaignInstance : WorkflowInstance
{
    public List<string> Log { get; set; } = [];
}

public sealed record CampaignAsked(string Key, IReadOnlyList<string> Items);
