using System.Globalization;
using SagaFlow.Client;
using SagaFlow.Contracts;
using SagaFlow.Testing;

namespace SagaFlow.Tests.Workflows;

/// <summary>A random life of one activity through the whole engine, and what an onlooker writes down of it.</summary>
internal sealed class EngineLife(SagaFlowHarness<ReviewWorkflow, ReviewInstance> flow, int seed)
{
    private static readonly string[] Acts =
        ["started", "heartbeat", "heartbeat", "complete", "fail", "fail", "fail for good", "release", "stop", "wait", "wait", "to the deadline", "ring twice", "restart", "cancel"];

    // The same life for the same seed.
    private readonly Random _dice = new(seed);
    private readonly List<string> _log = [];

    public ReviewAsked Asked { get; private set; } = null!;

    public WorkflowHandle<ReviewWorkflow, ReviewInstance> Review { get; private set; } = null!;

    /// <summary>What the first result that was applied said; null when none was.</summary>
    public string? FirstResult { get; private set; }

    /// <summary>Answers with the token of an earlier attempt, and what they were told.</summary>
    public List<Disposition> Stale { get; } = [];

    /// <summary>Heartbeats that moved the armed deadline of an attempt that had started.</summary>
    public int DeadlinesMovedByHeartbeats { get; private set; }

    /// <summary>Armed deadlines that were not the earliest one, and closed activities that had one.</summary>
    public List<string> WrongDeadlines { get; } = [];

    public override string ToString() => $"seed {seed}, {Asked}: {string.Join(", ", _log)}";

    public async Task PlayAsync(int steps)
    {
        Asked = new ReviewAsked($"d-{seed}")
        {
            ScheduleToCloseSeconds = _dice.Next(50, 400),
            StartToCloseSeconds = _dice.Next(2) == 0 ? 40 : null,
            ScheduleToStartSeconds = _dice.Next(3) == 0 ? 30 : null,
            NoHeartbeat = _dice.Next(2) == 0,
            HeartbeatSeconds = 15,
            MaximumAttempts = _dice.Next(3) == 0 ? null : _dice.Next(1, 5),
            InitialIntervalSeconds = 2,
            MaximumIntervalSeconds = 5,
        };
        Review = await flow.StartAsync(Asked);
        for (var i = 0; i < steps; i++)
        {
            var act = Acts[_dice.Next(Acts.Length)];
            _log.Add(act);
            await ActAsync(act);
            await CheckDeadlineAsync(act);
        }
    }

    private async Task ActAsync(string act)
    {
        switch (act)
        {
            case "wait":
                await flow.AdvanceAsync(TimeSpan.FromMilliseconds(_dice.Next(1, 20_000)));
                break;
            case "to the deadline" when (await ActivityAsync()).DueAt is { } due && due > flow.Now:
                await flow.AdvanceAsync(due - flow.Now + TimeSpan.FromTicks(_dice.Next(-1, 2)));
                break;
            case "ring twice" when (await ActivityAsync()).DueAt is not null:
                var second = new SecondEngine(flow.Engine.Get<IServiceProvider>());
                await second.RingAsync(Review.Id, "Review-1");
                await flow.RunUntilIdleAsync();
                break;
            case "restart" when _dice.Next(3) == 0:
                await flow.RestartAsync();
                break;
            case "cancel" when _dice.Next(4) == 0:
                await Review.CancelAsync();
                break;
            default:
                await AnswerAsync(act);
                break;
        }
    }

    private async Task AnswerAsync(string act)
    {
        var (before, latest) = (await ActivityAsync(), Review.Activity("Review").Request.Attempt);
        var number = _dice.Next(4) == 0 ? _dice.Next(1, latest + 1) : latest;
        var attempt = Review.Activity("Review").Attempt(number);
        var result = _dice.Next(3).ToString(CultureInfo.InvariantCulture);
        var receipt = await (act switch
        {
            "started" => attempt.StartedAsync(),
            "heartbeat" => attempt.HeartbeatAsync(1),
            "complete" => attempt.CompleteAsync(new Verdict(result)),
            "fail for good" => attempt.FailAsync(ActivityFailure.NonRetryable("Odd", "No.")),
            "release" => attempt.ReleasedAsync(),
            "stop" => attempt.CanceledAsync(),
            _ => attempt.FailAsync("Busy", result),
        });
        if (number < latest)
        {
            Stale.Add(receipt.Disposition);
        }

        if (act == "complete" && receipt.Disposition == Disposition.Applied)
        {
            FirstResult ??= result;
        }

        var after = await ActivityAsync();
        var moved = act == "heartbeat" && before is { Status: "Started" } && after.DueAt != before.DueAt;
        DeadlinesMovedByHeartbeats += moved ? 1 : 0;
    }

    private async Task CheckDeadlineAsync(string act)
    {
        var activity = await ActivityAsync();
        var history = await Review.HistoryAsync();
        var due = activity switch
        {
            { ClosedAt: not null } => null,
            { Status: "BackingOff" } => RetryAt(history[^1]),
            _ => Earliest(activity, history),
        };
        // A heartbeat leaves the alarm where it is: it may stand one window early, never late.
        var early = !Asked.NoHeartbeat && activity is { ClosedAt: null, LastHeartbeatAt: not null } && activity.DueAt <= due;
        if (activity.DueAt != due && !early)
        {
            WrongDeadlines.Add($"after {act}: {activity.DueAt:O} is armed, {due:O} comes next");
        }
    }

    private static DateTimeOffset? RetryAt(WorkflowHistoryEvent closed) => closed.Data!.Value.GetProperty("retryAt").GetDateTimeOffset();

    private DateTimeOffset? Earliest(ActivityDescription activity, WorkflowHistory history)
    {
        var handedOut = history.Last(x => x.Kind is "ActivityScheduled" or "AttemptScheduled").At;
        var startedAt = history.LastOrDefault(x => x.Kind == "AttemptStarted" && x.Attempt == activity.Attempt)?.Data!.Value.GetProperty("startedAt").GetDateTimeOffset();
        DateTimeOffset?[] deadlines =
        [
            activity.ScheduledAt + Span(Asked.ScheduleToCloseSeconds),
            startedAt is null ? handedOut + Span(Asked.ScheduleToStartSeconds) : null,
            startedAt + Span(Asked.StartToCloseSeconds),
            Asked.NoHeartbeat ? null : (activity.LastHeartbeatAt ?? startedAt) + Span(Asked.HeartbeatSeconds),
        ];
        return deadlines.Min();
    }

    private static TimeSpan? Span(double? seconds) => seconds is { } value ? TimeSpan.FromSeconds(value) : null;

    private async Task<ActivityDescription> ActivityAsync() => (await Review.ActivitiesAsync())[0];
}
