using System.Text.Json;

namespace SagaFlow.Faults.Judging;

/// <summary>Judges what is left: by the store, the broker, the foreign service's journal, and what the sample prints.</summary>
internal sealed class Audit(Deployment fleet, Starts starts)
{
    // The whole way of a packet whose four providers never answer takes 25 s at this time scale; a blackout's grace 30 s more.
    private const double LongestDrain = 150;

    // So many packets are asked for at once: each waits half a minute for its answer at most, however slow the machine is.
    private const int Portion = 500;

    private const string Ends = "('WorkflowCompleted','WorkflowFailed','WorkflowCanceled','WorkflowTimedOut')";
    private const string ActivityEnds = "('ActivityCompleted','ActivityFailed','ActivityTimedOut','ActivityCanceled')";
    private const string AttemptEnds = "('AttemptFailed','AttemptTimedOut','AttemptReleased')";

    /// <summary>Waits until nothing moves any more, or for so long that what still stands will stand for ever.</summary>
    public Task<bool> DrainAsync() => Patience.HoldsWithinAsync(
        async () => await CountAsync("workflow where status = 'Running'") == 0 && await CountAsync("outbox") == 0 && Journal.Owed(fleet.Journal) == 0
            && (await fleet.Broker.QueuesAsync()).Values.All(x => x == 0),
        LongestDrain);

    public async Task<IReadOnlyList<Rule>> JudgeAsync() =>
    [
        .. await JudgeWorkflowsAsync(),
        .. await JudgeHistoryAsync(),
        .. await JudgeLeftoversAsync(),
        .. await JudgeOutcomesAsync(),
        Rule.Of("No start was refused", starts.Refused),
        Rule.Of("No process ended by itself, but at a start without its servers", fleet.Parts.SelectMany(x => x.OwnEnds).Where(x => !IsStartWithoutServers(x))),
    ];

    private async Task<IReadOnlyList<Rule>> JudgeWorkflowsAsync()
    {
        var keys = (await fleet.Database.RowsAsync("select business_key, status from sagaflow.workflow")).ToDictionary(x => x[0], x => x[1]);
        return
        [
            Rule.Of("No workflow is lost: every accepted start is there", starts.Accepted.Keys.Where(x => !keys.ContainsKey(x))),
            Rule.Of("No workflow is there that nobody started", keys.Keys.Where(x => !starts.Accepted.ContainsKey(x))),
            Rule.Of("No workflow is stuck", keys.Where(x => x.Value is not ("Completed" or "Failed")).Select(x => $"{x.Key}: {x.Value}")),
        ];
    }

    private async Task<IReadOnlyList<Rule>> JudgeHistoryAsync() =>
    [
        await NoneAsync("Every workflow began once and ended once", $"""
            select w.business_key, count(*) filter (where h.kind = 'WorkflowStarted'), count(*) filter (where h.kind in {Ends})
            from sagaflow.workflow w left join sagaflow.history h on h.workflow_id = w.id group by w.id
            having count(*) filter (where h.kind = 'WorkflowStarted') <> 1 or count(*) filter (where h.kind in {Ends}) <> 1
            """),
        await NoneAsync("Every activity ended once", $"""
            select workflow_id, activity_id, count(*) from sagaflow.history where activity_id is not null group by workflow_id, activity_id
            having count(*) filter (where kind in {ActivityEnds}) <> 1
            """),
        await NoneAsync("No attempt was scheduled or ended twice", $"""
            select workflow_id, activity_id, attempt from sagaflow.history where attempt is not null group by workflow_id, activity_id, attempt
            having count(*) filter (where kind in ('ActivityScheduled','AttemptScheduled')) > 1 or count(*) filter (where kind in {AttemptEnds}) > 1
            """),
        await NoneAsync("Attempts count up without gaps, and no further than the policy says", $"""
            select a.workflow_id, a.id, a.attempt, count(h.seq) from sagaflow.activity a
            left join sagaflow.history h on h.workflow_id = a.workflow_id and h.activity_id = a.id and h.kind = 'AttemptScheduled'
            group by a.workflow_id, a.id having a.attempt <> count(h.seq) + 1
            or a.attempt - a.released_count > case a.name when 'Transmit' then 1 else {Starts.RouteAttempts} end
            """),
        await NoneAsync("A closed workflow has no open activity, no deadline and no timer", """
            select workflow_id, id, status from sagaflow.activity where closed_at is null or due_at is not null
            union all select workflow_id, id::text, 'timer' from sagaflow.timer
            """),
    ];

    private async Task<IReadOnlyList<Rule>> JudgeLeftoversAsync()
    {
        var queues = await fleet.Broker.QueuesAsync();
        var good = (await fleet.Database.RowsAsync("select endpoint, reason, encode(body, 'escape') from sagaflow.quarantine"))
            .Where(x => !x[2].Contains(Kinds.ServiceFaults.PoisonMark, StringComparison.Ordinal));
        return
        [
            await NoneAsync("The outbox is empty", "select id, kind from sagaflow.outbox"),
            Rule.Of("Quarantine holds only what was bad", good.Select(x => $"{x[0]}: {x[1]}")),
            Rule.Of("No queue holds a message", queues.Where(x => x.Value > 0).Select(x => $"{x.Key}: {x.Value}")),
        ];
    }

    // An engine that is asked for all packets again starts nothing, and prints how each ended.
    private async Task<IReadOnlyList<Rule>> JudgeOutcomesAsync()
    {
        var printed = new List<string>();
        var troubles = new List<string>();
        foreach (var portion in starts.Accepted.Keys.Chunk(Portion))
        {
            try
            {
                printed.AddRange(await PrintAsync(portion));
            }
            catch (InvalidOperationException exception)
            {
                troubles.Add(exception.Message);
            }
        }

        var outcomes = printed.Select(x => JsonDocument.Parse(x).RootElement).ToList();
        var ids = outcomes.Select(x => x.GetProperty("id").GetString()!).ToList();
        var delivered = outcomes.Where(x => x.GetProperty("status").GetString() == "delivered").Select(x => x.GetProperty("id").GetString()!).ToHashSet();
        var journal = Journal.Read(fleet.Journal);
        return
        [
            Rule.Of("The sample ends well when it is asked for packets that are final", troubles),
            Rule.Of("The sample prints every packet once", ids.Count == starts.Accepted.Count && ids.Distinct().Count() == ids.Count, $"{ids.Count} lines for {starts.Accepted.Count} packets"),
            Rule.Of("Every outcome is one that the rules allow", outcomes.Where(x => !IsLawful(x)).Select(x => x.ToString())),
            Rule.Of("The foreign service got an answer for everything that it did", Journal.Owed(fleet.Journal) == 0, $"{Journal.Owed(fleet.Journal)} unanswered"),
            Rule.Of("No acknowledgement was applied twice", journal.AppliedTwice()),
            Rule.Of("A packet is delivered exactly when one of its acknowledgements was applied", journal.Taken().Except(delivered).Concat(delivered.Except(journal.Taken()))),
        ];
    }

    private async Task<string[]> PrintAsync(string[] keys)
    {
        var packets = Path.Combine(fleet.Folder, "packets.jsonl");
        await File.WriteAllLinesAsync(packets, keys.Select(Starts.LineOf));
        var environment = fleet.EngineEnvironment.Select(x => $"{x.Key}={x.Value}");
        string[] arguments = [.. fleet.Common(fleet.Broker.Address, "last"), "--role", "engine", "--packets", packets, "--postgres", fleet.Database.ConnectionString];
        var output = await Shell.RunAsync("env", [.. environment, "dotnet", .. arguments]);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static bool IsLawful(JsonElement outcome)
    {
        string[] providers = ["RouteA", "RouteB", "RouteC", "RouteD"];
        var failed = outcome.GetProperty("failedProviders").EnumerateArray().Select(x => x.GetString()!).ToArray();
        var provider = outcome.GetProperty("provider").GetString();
        return failed.Length <= 4 && failed.SequenceEqual(providers.Take(failed.Length)) && outcome.GetProperty("status").GetString() switch
        {
            "delivered" => failed.Length < 4 && provider == providers[failed.Length],
            "undelivered" => failed.Length == 4 && provider is null,
            "failed" => provider is null,
            _ => false,
        };
    }

    private static bool IsStartWithoutServers(string end) =>
        end.Contains("ended with 2: error: ", StringComparison.Ordinal) && (end.Contains("cannot be used", StringComparison.Ordinal) || end.Contains("cannot be reached", StringComparison.Ordinal));

    private async Task<Rule> NoneAsync(string name, string query) =>
        Rule.Of(name, (await fleet.Database.RowsAsync(query)).Select(x => string.Join(' ', x)));

    private Task<long> CountAsync(string what) => fleet.Database.ReadAsync<long>($"select count(*) from sagaflow.{what}");
}
