using SagaFlow.Contracts;
using SagaFlow.Simulation.Commands;
using SagaFlow.Simulation.Oracle;

namespace SagaFlow.Simulation.Counting;

/// <summary>Finds what a run should have met and did not.</summary>
internal static class Vacuity
{
    // A smaller run is a look at one case, not a proof.
    private const int SmallestRun = 1_000;
    private const double CompletedAtLeast = 0.6;
    private const double RepeatsAtLeast = 0.01;
    private const double RacesAtLeast = 0.005;

    // What the second level has no place for: there is one engine, its database is a file, and its alarm clock is the sweep itself.
    private static readonly Fault[] OfLevel1Only =
    [
        Fault.ConnectionLost, Fault.Nack, Fault.ConfirmLost, Fault.Blocked, Fault.ErrorAfterCommit, Fault.Stall, Fault.RingEarly, Fault.AlarmsWiped,
        Fault.CrashConfirmed, Fault.Paused, Fault.ClockJump, Fault.WithoutStarted, Fault.ForeignToken, Fault.WeakToken, Fault.WorkerCrash,
    ];

    // A database that is reached over a network can lose it.
    private static readonly Fault[] OfNetworkToo = [Fault.ConnectionLost, Fault.ErrorAfterCommit, Fault.Stall];

    /// <summary>Names everything that a run of this stage should have met and did not.</summary>
    public static IReadOnlyList<string> Gaps(Stage stage, Tally tally)
    {
        if (tally.Workflows < SmallestRun)
        {
            return [];
        }

        var faults = Enum.GetValues<Fault>().Where(x => stage.Level == 1 || !OfLevel1Only.Contains(x) || (stage.IsOnPostgres && OfNetworkToo.Contains(x)));
        var dispositions = Enum.GetValues<Disposition>().Where(x => stage.Level == 1 || x != Disposition.Forbidden);
        return
        [
            .. Rare(tally, "fault", faults, tally.Faults),
            .. Rare(tally, "disposition", dispositions, tally.Dispositions),
            .. Rare(tally, "closing", Enum.GetValues<Closing>(), tally.Closings),
            .. Rare(tally, "workflow end", Enum.GetValues<WorkflowStanding>().Where(x => x > WorkflowStanding.Running), tally.Endings),
            .. Rare(tally, "timeout", Enum.GetValues<DueKind>().Where(x => x is not (DueKind.None or DueKind.Backoff)), tally.Timeouts),
            .. Shares(tally),
        ];
    }

    private static IEnumerable<string> Rare<T>(Tally tally, string what, IEnumerable<T> values, long[] counts)
        where T : struct, Enum =>
        from value in values
        let count = counts[Convert.ToInt32(value, System.Globalization.CultureInfo.InvariantCulture)]
        where IsRare(tally, count)
        select $"{what} {value} happened {count} times";

    private static bool IsRare(Tally tally, long count) => count < tally.Workflows / SmallestRun;

    private static IEnumerable<string> Shares(Tally tally)
    {
        if (tally.Completed < tally.Workflows * CompletedAtLeast)
        {
            yield return $"only {Share(tally.Completed, tally.Workflows)} of the workflows completed; wanted {CompletedAtLeast:P0}";
        }

        if (tally.RepeatedResults < tally.AllResults * RepeatsAtLeast)
        {
            yield return $"only {Share(tally.RepeatedResults, tally.AllResults)} of the results were repeats; wanted {RepeatsAtLeast:P0}";
        }

        if (tally.Races < tally.Commits * RacesAtLeast)
        {
            yield return $"only {Share(tally.Races, tally.Commits)} of the commits were races; wanted {RacesAtLeast:P1}";
        }
    }

    private static string Share(long part, long whole) => $"{(double)part / Math.Max(1, whole):P2}";
}
