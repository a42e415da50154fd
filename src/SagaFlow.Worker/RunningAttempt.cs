using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using SagaFlow.Contracts;

namespace SagaFlow.Worker;

/// <summary>One attempt while its handler runs: its heartbeats, its last checkpoint, and the token that tells the handler to stop.</summary>
internal sealed class RunningAttempt : IDisposable
{
    // A timer takes no longer time; a deadline further off needs no watching by a process.
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(40);

    private readonly ActivityRequest _request;
    private readonly IAnswerSink _answers;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _deadline;
    private readonly CancellationTokenSource _stop;
    private readonly CancellationToken _stopToken;
    private readonly Lock _lock = new();
    private long _heartbeats;
    private bool _isOver;

    public RunningAttempt(ActivityRequest request, IAnswerSink answers, TimeProvider timeProvider, ILogger logger, CancellationToken stopping)
    {
        (_request, _answers, _logger) = (request, answers, logger);
        var now = timeProvider.GetUtcNow();
        StartToCloseDeadline = request.StartToCloseTimeoutMs is { } ms ? now.AddMilliseconds(ms) : null;
        _deadline = new CancellationTokenSource(TimeLeft(now), timeProvider);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(stopping, _deadline.Token);
        _stopToken = _stop.Token;
    }

    public DateTimeOffset? StartToCloseDeadline { get; }

    public bool CancelRequested { get; private set; }

    public bool DeadlinePassed => _deadline.IsCancellationRequested;

    /// <summary>The last checkpoint that the handler gave; <see langword="null"/> when it gave none.</summary>
    public JsonElement? LastCheckpoint { get; private set; }

    /// <summary>Tells the handler to stop.</summary>
    public CancellationToken StopToken => _stopToken;

    public async Task<bool> HeartbeatAsync(JsonElement? checkpoint, CancellationToken cancellationToken)
    {
        var heartbeat = Next(checkpoint);
        try
        {
            var receipt = await _answers.HeartbeatAsync(heartbeat, _request.AnswerTo, cancellationToken);
            if (receipt?.CancelRequested == true)
            {
                RequestCancel();
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // The work goes on: whether silence is too long is the engine's to say.
            _logger.HeartbeatNotSent(exception, _request.ActivityId, _request.WorkflowId, _request.Attempt);
        }

        return CancelRequested;
    }

    /// <summary>Ends the time in which the handler may speak for the attempt.</summary>
    public void End()
    {
        lock (_lock)
        {
            _isOver = true;
        }
    }

    public void Dispose()
    {
        _stop.Dispose();
        _deadline.Dispose();
    }

    private ActivityAnswer Next(JsonElement? checkpoint)
    {
        CheckSize(checkpoint);
        lock (_lock)
        {
            if (_isOver)
            {
                throw new SagaFlowException(
                    $"Activity '{_request.ActivityId}' (attempt {_request.Attempt}) has left its handler. "
                    + "Outside of the handler, send heartbeats and results with the task token through IActivityClient.");
            }

            LastCheckpoint = checkpoint ?? LastCheckpoint;
            return new ActivityAnswer
            {
                Kind = AnswerKind.Heartbeat,
                TaskToken = _request.TaskToken,
                Checkpoint = checkpoint,
                Sequence = ++_heartbeats,
            };
        }
    }

    private void CheckSize(JsonElement? checkpoint)
    {
        var length = checkpoint is { } value ? JsonMarshal.GetRawUtf8Value(value).Length : 0;
        if (length > WireLimits.CheckpointBytes)
        {
            throw new SagaFlowException(
                $"The checkpoint of activity '{_request.ActivityId}' has {length} bytes; at most {WireLimits.CheckpointBytes} are taken.");
        }
    }

    private void RequestCancel()
    {
        lock (_lock)
        {
            CancelRequested = true;
            if (_isOver)
            {
                return;
            }
        }

        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The handler did not await its heartbeat and has returned meanwhile: there is nothing left to stop.
        }
    }

    private TimeSpan TimeLeft(DateTimeOffset now)
    {
        var deadline = Earlier(StartToCloseDeadline, _request.ScheduleToCloseDeadline);
        var left = deadline - now ?? Timeout.InfiniteTimeSpan;
        return deadline is null || left > LongestTimer ? Timeout.InfiniteTimeSpan
            : left < TimeSpan.Zero ? TimeSpan.Zero
            : left;
    }

    private static DateTimeOffset? Earlier(DateTimeOffset? a, DateTimeOffset? b) => a is null ? b : b is null || a < b ? a : b;
}
