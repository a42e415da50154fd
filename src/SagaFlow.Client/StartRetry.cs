using Microsoft.Extensions.Logging;
using SagaFlow.Contracts;

namespace SagaFlow.Client;

/// <summary>The one retry of a start: a server that is away, or leaves in the middle, is waited for, and what was interrupted begins anew.</summary>
/// <remarks>Whatever waiting does not cure, such as a wrong password, comes out at once: see <see cref="PassingErrors"/>.</remarks>
internal sealed class StartRetry(TimeProvider clock, ILogger<StartRetry> logger)
{
    /// <summary>For how long a server is waited for, from the first failure on. Then whoever runs the process had better know.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>How long a failure rests before the next try.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan LogInterval = TimeSpan.FromSeconds(30);

    /// <summary>Runs what may be run again from its beginning, until it succeeds.</summary>
    /// <exception cref="SagaFlowException">It was given up; the message is one line and names the reason.</exception>
    public async Task RunAsync(Func<CancellationToken, Task> step, CancellationToken cancellationToken)
    {
        var (failedAt, saidAt) = (0L, 0L);
        while (await TryAsync(step, cancellationToken).ConfigureAwait(false) is { } failure)
        {
            var now = clock.GetTimestamp();
            failedAt = failedAt == 0 ? now : failedAt;
            if (clock.GetElapsedTime(failedAt, now) >= Patience)
            {
                throw new SagaFlowException($"{Describe(failure)}. The start has waited {Patience.TotalMinutes:0} minutes for that and is given up.", failure);
            }

            if (saidAt == 0 || clock.GetElapsedTime(saidAt, now) >= LogInterval)
            {
                logger.StartWaits(Describe(failure));
                saidAt = now;
            }

            await Task.Delay(Pause, clock, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<Exception?> TryAsync(Func<CancellationToken, Task> step, CancellationToken cancellationToken)
    {
        try
        {
            await step(cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && PassingErrors.Is(exception))
        {
            return exception;
        }
    }

    // The innermost says it best, unless somebody has put it into words.
    private static string Describe(Exception failure)
    {
        var said = failure;
        while (said is not ServerAwayException && said.InnerException is { } inner)
        {
            said = inner;
        }

        return said.Message.ReplaceLineEndings(" ").TrimEnd('.', ' ');
    }
}
