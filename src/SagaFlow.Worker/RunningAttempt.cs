using System.Runtime.InteropServices;
using System.Text.Json;
using SagaFlow.Contracts;
using SagaFlow.Worker.Events;

namespace SagaFlow.Worker;

/// <summary>One attempt while its handler runs: its heartbeats, its last checkpoint, and the token that tells the handler to stop.</summary>
internal sealed class RunningAttempt : IDisposable
{
    // A timer takes no longer time; a deadline further off needs no watching by a process.
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(40);

    // Leaves a fifth of the window for the way to the engine.
    private const double ShareOfWindow = 0.8;

    private readonly ActivityRequest _request;
    private readonly IAnswerSink _answers;
    private readonly RunServices _services;
    private readonly RunReport _report;
    private readonly TimeSpan? _heartbeatTimeout;
    private readonly HeartbeatThrottle _throttle;
    private readonly CancellationTokenSource _deadline;
    private readonly CancellationTokenSource _window;
    private readonly CancellationTokenSource _stop;
    private readonly CancellationToken _stopToken;
    private readonly Lock _lock = new();
    private ActivityAnswer? _given;
    private Task _giving = Task.CompletedTask;
    private volatile bool _givenIsSent;
    private long _heartbeats;
    private bool _isOver;

    public RunningAttempt(ActivityRequest request, IAnswerSink answers, RunServices services, RunReport report, CancellationToken stopping)
    {
        (_request, _answers, _services, _report) = (request, answers, services, report);
        var now = services.TimeProvider.GetUtcNow();
        StartToCloseDeadline = request.StartToCloseTimeoutMs is { } ms ? now.AddMilliseconds(ms) : null;
        _heartbeatTimeout = request.HeartbeatTimeoutMs is { } silence ? TimeSpan.FromMilliseconds(silence) : null;
        _throttle = new HeartbeatThrottle(HeartbeatInterval(), SendHeartbeatAsync, services.TimeProvider);
        _deadline = new CancellationTokenSource(TimeLeft(now), services.TimeProvider);
        _window = new CancellationTokenSource(Timer(_heartbeatTimeout), services.TimeProvider);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(stopping, _deadline.Token, _window.Token);
        _stopToken = _stop.Token;
    }

    /// <summary>Makes the answers that a handler gives itself.</summary>
    public AttemptAnswers Answers => new(_request, _services);

    public DateTimeOffset? StartToCloseDeadline { get; }

    public bool CancelRequested { get; private set; }

    /// <summary>Whether a deadline of this attempt has passed here, or its heartbeat window without an accepted heartbeat.</summary>
    public bool DeadlinePassed => _deadline.IsCancellationRequested || _window.IsCancellationRequested;

    /// <summary>The last checkpoint that the handler gave; <see langword="null"/> when it gave none.</summary>
    public JsonElement? LastCheckpoint { get; private set; }

    /// <summary>Tells the handler to stop.</summary>
    public CancellationToken StopToken => _stopToken;

    /// <summary>The answer that the handler has sent itself, once the transport has accepted it.</summary>
    public ActivityAnswer? Given => _givenIsSent ? _given : null;

    /// <summary>Sends an answer of the handler's; set by the run.</summary>
    public Func<ActivityAnswer, Task>? Send { get; set; }

    /// <summary>Notes that the request and its arguments are read, and the handler is called.</summary>
    public void Begin() => _report.Started();

    /// <summary>Sends the handler's answer. It counts as sent only when the transport has accepted it.</summary>
    /// <exception cref="AlreadyAnsweredException">There was one before, which may be on its way.</exception>
    public async Task AnswerAsync(ActivityAnswer answer)
    {
        Task sending;
        lock (_lock)
        {
            ThrowIfOver();
            _given = _given is null ? answer : throw new AlreadyAnsweredException(_request, _given);
            sending = _giving = GiveAsync(answer);
        }

        await sending;
    }

    /// <summary>Waits for the answer that the handler left on its way, if it did.</summary>
    public Task GivingAsync() => _giving.ContinueWith(
        _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    public async Task<bool> HeartbeatAsync(JsonElement? checkpoint, CancellationToken cancellationToken)
    {
        var heartbeat = Next(checkpoint);
        _report.Heartbeat();
        await _throttle.OfferAsync(heartbeat, cancellationToken);
        return CancelRequested;
    }

    /// <summary>Sends the heartbeat that is held back, where no answer follows that carries its checkpoint.</summary>
    public Task FlushAsync() => _heartbeatTimeout is null ? Task.CompletedTask : _throttle.FlushAsync();

    /// <summary>Tells the handler that its work is not wanted any more.</summary>
    public async Task RequestCancelAsync()
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
            await _stop.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // The handler has returned meanwhile: there is nothing left to stop.
        }
        catch (AggregateException exception)
        {
            _services.Logger.CancelCallbackThrew(SafeException.Of(exception)!, _request.ActivityId, _request.WorkflowId, _request.Attempt);
        }
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
        _throttle.Dispose();
        _stop.Dispose();
        _deadline.Dispose();
        _window.Dispose();
    }

    // Whether it needs no repetition: one that is not recorded anyway is not worth a second message.
    private async Task<bool> SendHeartbeatAsync(ActivityAnswer heartbeat, CancellationToken cancellationToken)
    {
        try
        {
            var receipt = await _answers.HeartbeatAsync(heartbeat, _request.AnswerTo, cancellationToken);
            var accepted = receipt is { Disposition: Disposition.Applied or Disposition.Duplicate or Disposition.Ignored };
            if (accepted)
            {
                OpenWindow();
            }

            if (receipt?.CancelRequested == true)
            {
                await RequestCancelAsync();
            }

            return accepted || _heartbeatTimeout is null || CancelRequested || DeadlinePassed;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // The work goes on: whether silence is too long, the engine says, and the window's own clock.
            _services.Logger.HeartbeatNotSent(SafeException.Of(exception)!, _request.ActivityId, _request.WorkflowId, _request.Attempt);
            return _heartbeatTimeout is null || DeadlinePassed;
        }
    }

    // Counted from the receipt, which the engine's own count precedes: the handler is not stopped while the engine still waits.
    private void OpenWindow()
    {
        lock (_lock)
        {
            if (!_isOver && _heartbeatTimeout is { } timeout)
            {
                _window.CancelAfter(Timer(timeout));
            }
        }
    }

    private async Task GiveAsync(ActivityAnswer answer)
    {
        // Not under the caller's lock.
        await Task.Yield();
        try
        {
            await Send!(answer);
            _givenIsSent = true;
        }
        finally
        {
            _given = _givenIsSent ? answer : null;
        }
    }

    private ActivityAnswer Next(JsonElement? checkpoint)
    {
        CheckSize(checkpoint);
        lock (_lock)
        {
            ThrowIfOver();
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

    private void ThrowIfOver()
    {
        if (_isOver)
        {
            throw new SagaFlowException(
                $"Activity '{_request.ActivityId}' (attempt {_request.Attempt}) has left its handler. "
                + "Outside of the handler, send heartbeats and results with the task token through IActivityClient.");
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

    private TimeSpan HeartbeatInterval()
    {
        var longest = _services.Options.Value.MaximumHeartbeatInterval;
        return _heartbeatTimeout * ShareOfWindow is { } share && share < longest ? share : longest;
    }

    private TimeSpan TimeLeft(DateTimeOffset now)
    {
        var left = Earlier(StartToCloseDeadline, _request.ScheduleToCloseDeadline) - now;
        return Timer(left < TimeSpan.Zero ? TimeSpan.Zero : left);
    }

    private static TimeSpan Timer(TimeSpan? left) => left is { } time && time <= LongestTimer ? time : Timeout.InfiniteTimeSpan;

    private static DateTimeOffset? Earlier(DateTimeOffset? a, DateTimeOffset? b) => a is null ? b : b is null || a < b ? a : b;
}
