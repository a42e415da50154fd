using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SagaFlow.Contracts;
using SagaFlow.Storage;
using SagaFlow.Testing;
using SagaFlow.Worker;
using SagaFlow.Workflows;

namespace SagaFlow.Tests.Workflows;

/// <summary>Heartbeats, from whoever holds the token to the workflow that listens to them. The heartbeat timeout is one minute.</summary>
public sealed class HeartbeatTests
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);
    private static readonly SurveyAsked Asked = new("site-1");

    [Fact]
    [Trait("Req", "E9")]
    public async Task The_clock_does_not_run_while_the_activity_waits_for_a_worker()
    {
        await using var flow = await StartAsync();
        var survey = await flow.StartAsync(Asked);

        await flow.AdvanceAsync(TimeSpan.FromHours(1));

        Assert.Equal(("Scheduled", 1), Standing(await survey.ActivitiesAsync()));
    }

    [Theory]
    [Trait("Req", "E9")]
    [Trait("Req", "E10")]
    [Trait("Req", "T6")]
    [InlineData(-1, 0)]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    public async Task A_first_window_without_any_heartbeat_ends_the_attempt(int ticksAround, int timeouts)
    {
        await using var flow = await StartAsync();
        var survey = await flow.StartAsync(Asked);
        await flow.AdvanceAsync(TimeSpan.FromMinutes(7));
        await survey.Activity("Survey").StartedAsync();

        await flow.AdvanceAsync(Window + (ticksAround * Tick));

        Assert.Equal(timeouts, (await survey.HistoryAsync()).Count(x => x.Kind == "AttemptTimedOut"));
    }

    [Theory]
    [Trait("Req", "T6")]
    [Trait("Req", "E11")]
    [Trait("Req", "REL-R20")]
    [InlineData(-1, 0)]
    [InlineData(0, 1)]
    public async Task Each_heartbeat_of_any_holder_of_the_token_gives_a_whole_new_window(int ticksAround, int timeouts)
    {
        await using var flow = await StartAsync();
        var survey = await flow.StartAsync(Asked);
        await survey.Activity("Survey").StartedAsync();
        await flow.AdvanceAsync(Window - Tick);
        var token = survey.Activity("Survey").Token;

        var receipt = await flow.AnswerAsync($$$"""{"kind":"heartbeat","taskToken":"{{{token}}}","sequence":1}""");
        await flow.AdvanceAsync(Window + (ticksAround * Tick));

        Assert.Equal(Disposition.Applied, receipt.Disposition);
        Assert.Equal(timeouts, (await survey.HistoryAsync()).Count(x => x.Kind == "AttemptTimedOut"));
    }

    [Fact]
    [Trait("Req", "E8")]
    public async Task A_heartbeat_timeout_is_a_kind_of_its_own()
    {
        await using var flow = await StartAsync();
        var survey = await flow.StartAsync(Asked);
        await survey.Activity("Survey").StartedAsync();

        await flow.AdvanceToNextDeadlineAsync();

        var data = (await survey.HistoryAsync()).Single(x => x.Kind == "AttemptTimedOut").Data!.Value;
        Assert.Equal("Heartbeat", data.GetProperty("timeoutType").GetString());
    }

    [Fact]
    [Trait("Req", "REL-R5")]
    public async Task A_heartbeat_after_the_end_of_its_attempt_reopens_and_extends_nothing()
    {
        await using var flow = await StartAsync();
        var survey = await flow.StartAsync(Asked);
        await survey.Activity("Survey").StartedAsync();
        await flow.AdvanceAsync(Window + TimeSpan.FromSeconds(1));
        var before = (await survey.ActivitiesAsync())[0];

        var receipt = await survey.Activity("Survey").Attempt(1).HeartbeatAsync(7);

        Assert.Equal((Disposition.StaleAttempt, true), (receipt.Disposition, receipt.CancelRequested));
        Assert.Equal(before, (await survey.ActivitiesAsync())[0]);
    }

    [Fact]
    [Trait("Req", "T7")]
    [Trait("Req", "P2")]
    public async Task Without_a_heartbeat_timeout_it_is_not_recorded_and_the_receipt_and_one_warning_say_so()
    {
        var log = new WarningLog();
        await using var flow = await SagaFlowHarness.StartAsync(x => x
            .AddWorkflow<SurveyWorkflow, SurveyInstance>()
            .ConfigureServices(services => services.AddSingleton<ILoggerProvider>(log)));
        var survey = await flow.StartAsync(Asked with { NoHeartbeat = true });
        await survey.Activity("Survey").StartedAsync();

        var receipts = new[] { await survey.Activity("Survey").HeartbeatAsync(1), await survey.Activity("Survey").HeartbeatAsync(2) };

        var activity = (await survey.ActivitiesAsync())[0];
        Assert.All(receipts, x => Assert.Equal((Disposition.Ignored, "no heartbeat timeout"), (x.Disposition, x.Detail)));
        Assert.Equal((null, null), (activity.LastHeartbeatAt, activity.Checkpoint));
        Assert.Equal(["Activity Survey of survey sends heartbeats that nobody listens to: it has no HeartbeatTimeout"], log.Warnings);
    }

    [Fact]
    [Trait("Req", "E21")]
    [Trait("Req", "E22")]
    [Trait("Req", "T9")]
    [Trait("Req", "P7")]
    public async Task The_next_attempt_gets_the_last_checkpoint_although_it_was_held_back()
    {
        var lines = new Lines();
        await using var flow = await StartAsync(lines);
        var survey = await flow.StartAsync(Asked);

        await flow.AdvanceAsync(TimeSpan.FromSeconds(1));

        Assert.Equal([0, 50], lines.Begun);
        Assert.Equal("all 60 lines", await survey.ShouldBeCompletedAsync<string>());
    }

    [Fact]
    [Trait("Req", "E23")]
    public async Task A_workflow_that_listens_acts_on_each_heartbeat_and_other_states_let_it_pass()
    {
        await using var flow = await StartAsync();
        var survey = await flow.StartAsync(Asked);
        await survey.Activity("Survey").HeartbeatAsync(1);
        await survey.Activity("Survey").HeartbeatAsync(2);
        await flow.PublishAsync(new SurveyRecalled(survey.Id, "wait"));
        await flow.AdvanceAsync(TimeSpan.FromSeconds(1));

        await survey.Activity("Survey").HeartbeatAsync(3);

        await survey.ShouldBeInAsync(x => x.Recalled);
        Assert.Equal([1, 2], survey.Instance.Progress);
        Assert.Equal(["Survey-1", "Report-1", "Report-2"], (await survey.ActivitiesAsync()).Select(x => x.Id));
        Assert.Equal("3", (await survey.ActivitiesAsync())[0].Checkpoint?.GetRawText());
    }

    [Fact]
    [Trait("Req", "E23")]
    [Trait("Req", "REL-R6")]
    public async Task A_repeated_or_overtaken_heartbeat_is_not_raised_again()
    {
        await using var flow = await StartAsync();
        var survey = await flow.StartAsync(Asked);
        var token = survey.Activity("Survey").Token;
        foreach (var sequence in new[] { 1, 3, 3, 2 })
        {
            await flow.AnswerAsync($$$"""{"kind":"heartbeat","taskToken":"{{{token}}}","sequence":{{{sequence}}},"checkpoint":{{{sequence}}}}""");
            await flow.AdvanceAsync(TimeSpan.FromSeconds(1));
        }

        Assert.Equal([1, 3], survey.Instance.Progress);
        Assert.Equal("3", (await survey.ActivitiesAsync())[0].Checkpoint?.GetRawText());
    }

    [Fact]
    [Trait("Req", "M12")]
    public async Task A_heartbeat_writes_one_row_and_moves_the_deadline_once_in_a_window()
    {
        const int Activities = 1_000;
        const int Beats = 10;
        var writes = new HeartbeatWrites();
        await using var flow = await SagaFlowHarness.StartAsync(x => x
            .AddWorkflow<ReviewWorkflow, ReviewInstance>()
            .ConfigureServices(services => services.AddSingleton<ICommitListener>(writes)));
        var tokens = new List<string>();
        for (var i = 0; i < Activities; i++)
        {
            var review = await flow.StartAsync(new ReviewAsked($"doc-{i}") { HeartbeatSeconds = 60 });
            tokens.Add(review.Activity("Review").Token);
            await review.Activity("Review").StartedAsync();
        }

        writes.Begin();
        for (var beat = 1; beat <= Beats; beat++)
        {
            await flow.AdvanceAsync(TimeSpan.FromSeconds(10));
            foreach (var token in tokens)
            {
                await flow.AnswerAsync(new ActivityAnswer { Kind = AnswerKind.Heartbeat, TaskToken = token, Sequence = beat });
            }
        }

        Assert.Equal(Activities * Beats, writes.Heartbeats);
        Assert.Equal(Activities, writes.DeadlineMoves);
        Assert.Equal(0, writes.Others);
    }

    private static (string, int) Standing(IReadOnlyList<SagaFlow.Client.ActivityDescription> activities) => (activities[0].Status, activities[0].Attempt);

    private static Task<SagaFlowHarness<SurveyWorkflow, SurveyInstance>> StartAsync() =>
        SagaFlowHarness.StartAsync(x => x.AddWorkflow<SurveyWorkflow, SurveyInstance>());

    private static Task<SagaFlowHarness<SurveyWorkflow, SurveyInstance>> StartAsync(Lines lines) =>
        SagaFlowHarness.StartAsync(x => x
            .AddWorkflow<SurveyWorkflow, SurveyInstance>()
            .AddHandler<SurveyHandler>(taskQueue: "field")
            .ConfigureServices(services => services.AddSingleton(lines)));

    private sealed class Lines
    {
        public List<int> Begun { get; } = [];
    }

    /// <summary>Its first attempt breaks off at line 50.</summary>
    private sealed class SurveyHandler(Lines lines) : IActivityHandler<string, string>
    {
        public async Task<ActivityOutcome<string>> HandleAsync(ActivityExecutionContext<string> context, CancellationToken cancellationToken)
        {
            lines.Begun.Add(context.Checkpoint<int>());
            for (var line = context.Checkpoint<int>() + 1; line <= 60; line++)
            {
                await context.HeartbeatAsync(line, cancellationToken);
                if (line == 50)
                {
                    throw new InvalidOperationException("A tree is in the way");
                }
            }

            return "all 60 lines";
        }
    }

    /// <summary>Counts what commits write: a heartbeat's one row, a moved deadline's one row, and anything else.</summary>
    private sealed class HeartbeatWrites : ICommitListener
    {
        private readonly Dictionary<Guid, int> _dueVersions = [];
        private bool _counts;

        public int Heartbeats { get; private set; }

        public int DeadlineMoves { get; private set; }

        public int Others { get; private set; }

        public void Begin() => _counts = true;

        public void OnCommitted(ChangeSet changes)
        {
            var version = changes.Activities.Count == 1 ? changes.Activities[0].State.DueVersion : -1;
            var moved = _dueVersions.GetValueOrDefault(changes.WorkflowId) != version;
            _dueVersions[changes.WorkflowId] = version;
            if (!_counts)
            {
                return;
            }

            var isOneRow = changes is { Activities.Count: 1, Workflow: null, Inbox: null, History.Count: 0, Outgoing.Count: 0, Derived.Count: 0 };
            Others += isOneRow ? 0 : 1;
            DeadlineMoves += isOneRow && moved ? 1 : 0;
            Heartbeats += isOneRow && !moved ? 1 : 0;
        }
    }

    private sealed class WarningLog : ILoggerProvider, ILogger
    {
        public List<string> Warnings { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Warnings.Add(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
