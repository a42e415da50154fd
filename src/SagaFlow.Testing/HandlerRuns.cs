using SagaFlow.Client.Bus;
using SagaFlow.Contracts;
using SagaFlow.Storage;
using SagaFlow.Worker;

namespace SagaFlow.Testing;

/// <summary>Runs the author's handlers through the worker's own runner, without its queues.</summary>
internal sealed class HandlerRuns(
    IEnumerable<HandlerRegistration> handlers, Lazy<ActivityRunners> runners, RunningAttempts attempts, IAnswerSink answers, BusNames names,
    HarnessClock clock, StepQueue steps)
{
    // In real time, and only for a handler that waits for something the harness cannot see.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly List<(string ActivityId, Task Run)> _running = [];

    /// <summary>Starts the handler of a request, when there is one.</summary>
    public void TryStart(OutgoingMessage message, ActivityRequest request)
    {
        var handler = handlers.FirstOrDefault(x => x.Activity == request.Activity && names.TaskQueue(x.TaskQueue) == message.Destination);
        if (handler is not null)
        {
            var raw = new RawMessage { Body = message.Body, ContentType = message.ContentType, MessageId = message.Id.ToString() };
            _running.Add((request.ActivityId, runners.Value.For(handler.TaskQueue).RunAsync(raw, answers, CancellationToken.None)));
        }
    }

    /// <summary>Brings a push to stop to the handler that it is for, as the worker's own queue would.</summary>
    public Task CancelAsync(OutgoingMessage message) =>
        WireJson.TryReadCancellation(message.Body, out var cancellation, out var problem)
            ? attempts.CancelAsync(cancellation)
            : throw new InvalidOperationException($"The engine's own cancellation cannot be read: {problem.Detail}");

    /// <summary>Waits until every handler has returned or waits for the harness's clock.</summary>
    /// <returns>Whether one has returned or said something, so that there may be more to do.</returns>
    public async Task<bool> SettleAsync()
    {
        while (_running.Count > 0)
        {
            var timerSet = clock.TimerSet;
            var stepAdded = steps.Added;
            if (stepAdded.IsCompleted)
            {
                return true;
            }

            if (_running.Find(x => x.Run.IsCompleted) is { Run: not null } done)
            {
                _running.Remove(done);
                await done.Run;
                return true;
            }

            if (clock.IsAwaited)
            {
                return false;
            }

            await WaitAsync(timerSet, stepAdded);
        }

        return false;
    }

    private async Task WaitAsync(Task timerSet, Task stepAdded)
    {
        try
        {
            await Task.WhenAny([.. _running.Select(x => x.Run), timerSet, stepAdded]).WaitAsync(Patience, TimeProvider.System);
        }
        catch (TimeoutException)
        {
            throw new HarnessAssertionException(
                $"The handler of activity '{_running[0].ActivityId}' neither returned within {Patience.TotalSeconds} real seconds nor waits for the "
                + "harness's clock. Let it take its time from the injected TimeProvider.");
        }
    }
}
