using System.Text.RegularExpressions;

namespace SagaFlow.Activities;

/// <summary>Turns the author's options into the policy the core works with, or says everything that is wrong with them.</summary>
internal static partial class ActivityOptionsValidator
{
    /// <summary>The schedule-to-close timeout that a start-to-close timeout alone brings: it would not run before the start.</summary>
    public static readonly TimeSpan DefaultScheduleToClose = TimeSpan.FromHours(24);

    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(3652);

    /// <summary>Checks the options of one activity and makes its policy.</summary>
    /// <exception cref="ActivityOptionsException">Some options are wrong; all of them are named.</exception>
    /// <param name="activityName">The activity, for the error message.</param>
    /// <param name="options">The author's options.</param>
    /// <param name="now">When it is scheduled: what <see cref="ActivityOptions.ScheduleToCloseAt"/> counts from.</param>
    public static ActivityPolicy Validate(string activityName, ActivityOptions options, DateTimeOffset now = default)
    {
        var scheduleToClose = options.ScheduleToCloseTimeout ?? ImpliedScheduleToClose(options);
        string[] problems =
        [
            .. Target(options),
            .. Durations(options),
            .. Instant(options, now),
            .. Relations(options, scheduleToClose),
            .. WaitsForEver(activityName, options, scheduleToClose),
            .. Unheard(options),
            .. RetryOptionsValidator.Problems(options.Retry),
        ];
        return problems.Length == 0
            ? ToPolicy(options, scheduleToClose).EndingBy(options.ScheduleToCloseAt, now)
            : throw new ActivityOptionsException(activityName, problems);
    }

    /// <summary>Checks the options of a definition. A deadline may still come with the call.</summary>
    /// <exception cref="ActivityOptionsException">Some options are wrong, whatever a call adds.</exception>
    public static void ValidateDefinition(string activityName, ActivityOptions options)
    {
        var scheduleToClose = options.ScheduleToCloseTimeout ?? ImpliedScheduleToClose(options);
        string[] problems =
            [.. Target(options), .. Durations(options), .. Relations(options, scheduleToClose), .. RetryOptionsValidator.Problems(options.Retry)];
        if (problems.Length > 0)
        {
            throw new ActivityOptionsException(activityName, problems);
        }
    }

    /// <summary>Whether a duration can be used as a timeout or an interval: 1 millisecond to 10 years.</summary>
    internal static bool IsInRange(TimeSpan duration) => duration >= Shortest && duration <= Longest;

    private static TimeSpan? ImpliedScheduleToClose(ActivityOptions options) =>
        options is { StartToCloseTimeout: not null, ScheduleToStartTimeout: null, ScheduleToCloseAt: null, NoDeadlineBecause: null } ? DefaultScheduleToClose : null;

    private static IEnumerable<string> Target(ActivityOptions options)
    {
        if (!TaskQueueName().IsMatch(options.TaskQueue ?? string.Empty))
        {
            yield return $"Its task queue '{options.TaskQueue}' is no queue name: use 1 to 64 characters of a-z, 0-9, '_' and '-'.";
        }

        if (!Enum.IsDefined(options.TokenScope))
        {
            yield return $"Its token scope '{options.TokenScope}' is unknown: use '{nameof(TokenScope.Attempt)}' or '{nameof(TokenScope.Activity)}'.";
        }

        if (!Enum.IsDefined(options.LateAttempts))
        {
            yield return $"Its policy for late attempts '{options.LateAttempts}' is unknown: use one of {string.Join(", ", Enum.GetNames<LateAttemptPolicy>())}.";
        }
    }

    private static IEnumerable<string> Durations(ActivityOptions options)
    {
        (string Name, TimeSpan? Value)[] durations =
        [
            (nameof(options.ScheduleToStartTimeout), options.ScheduleToStartTimeout),
            (nameof(options.StartToCloseTimeout), options.StartToCloseTimeout),
            (nameof(options.ScheduleToCloseTimeout), options.ScheduleToCloseTimeout),
            (nameof(options.HeartbeatTimeout), options.HeartbeatTimeout),
        ];
        return
            from duration in durations
            where duration.Value is { } value && !IsInRange(value)
            select $"{duration.Name} is {duration.Value}: use 1 millisecond to 10 years, or null for none.";
    }

    private static IEnumerable<string> Instant(ActivityOptions options, DateTimeOffset now)
    {
        if (options.ScheduleToCloseAt - now > Longest)
        {
            yield return $"ScheduleToCloseAt ({options.ScheduleToCloseAt:O}) is more than 10 years away: choose an earlier instant, or null for none.";
        }
    }

    private static IEnumerable<string> Relations(ActivityOptions options, TimeSpan? scheduleToClose)
    {
        if (options.HeartbeatTimeout >= options.StartToCloseTimeout)
        {
            yield return $"HeartbeatTimeout ({options.HeartbeatTimeout}) is not shorter than StartToCloseTimeout "
                + $"({options.StartToCloseTimeout}) and could never pass first: shorten it or leave it out.";
        }

        if (options.StartToCloseTimeout > scheduleToClose)
        {
            var origin = options.ScheduleToCloseTimeout is null ? "24 hours, since none is set" : $"{scheduleToClose}";
            yield return $"StartToCloseTimeout ({options.StartToCloseTimeout}) is longer than ScheduleToCloseTimeout ({origin}), "
                + "which spans all attempts: shorten the first or lengthen the second.";
        }
    }

    private static IEnumerable<string> WaitsForEver(string activityName, ActivityOptions options, TimeSpan? scheduleToClose)
    {
        if (options.NoDeadlineBecause is { } reason)
        {
            if (string.IsNullOrWhiteSpace(reason))
            {
                yield return "NoDeadlineBecause is empty: write why nobody needs to be told when the answer never comes, or set a deadline.";
            }

            yield break;
        }

        var bounded = scheduleToClose is not null || options.ScheduleToCloseAt is not null || options is { ScheduleToStartTimeout: not null, StartToCloseTimeout: not null };
        if (!bounded)
        {
            yield return $"Without a deadline '{activityName}' could wait for ever: set ScheduleToCloseTimeout or ScheduleToCloseAt, or "
                + "ScheduleToStartTimeout with StartToCloseTimeout, or write the reason into NoDeadlineBecause.";
        }
    }

    private static IEnumerable<string> Unheard(ActivityOptions options)
    {
        if (options is { HeartbeatToken: true, HeartbeatTimeout: null })
        {
            yield return "HeartbeatToken is set without a HeartbeatTimeout, so that its heartbeats would not be recorded: set one, or leave it out.";
        }
    }

    private static ActivityPolicy ToPolicy(ActivityOptions options, TimeSpan? scheduleToClose) => new()
    {
        ScheduleToStart = options.ScheduleToStartTimeout,
        StartToClose = options.StartToCloseTimeout,
        ScheduleToClose = scheduleToClose,
        Heartbeat = options.HeartbeatTimeout,
        TokenScope = options.TokenScope,
        HeartbeatToken = options.HeartbeatToken,
        LateAttempts = options.LateAttempts,
        Retry = RetryOptionsValidator.ToPolicy(options.Retry),
    };

    [GeneratedRegex(@"\A[a-z0-9_-]{1,64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex TaskQueueName();
}
