using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using SagaFlow.Contracts;
using SagaFlow.Workflows;

namespace SagaFlow.AspNetCore.Callbacks;

/// <summary>One answer over HTTP: check the headers, read the body, have the answer taken, tell what became of it.</summary>
internal sealed class CallbackEndpoint(IAnswerTaker taker, CallbackLimits limits, TimeProvider clock, ILogger<CallbackEndpoint> logger)
    : IDisposable
{
    private readonly BoundedBody _body = new(limits, clock);

    // Nobody queues: a caller who is sent away at once comes again sooner than one whose connection times out.
    private readonly ConcurrencyLimiter _calls = new(new ConcurrencyLimiterOptions { PermitLimit = limits.ConcurrentCalls, QueueLimit = 0 });

    private readonly CallPace _pace = new(limits);

    public async Task HandleAsync(HttpContext http, AnswerKind kind)
    {
        try
        {
            var reply = await ServeAsync(http, kind);
            if (reply.Code is { } code)
            {
                logger.CallbackRefused(kind, reply.Status, code);
            }

            await reply.WriteAsync(http.Response, limits.RetryAfter);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The caller has gone: there is nobody to tell. What was committed stays; asking again gives 'duplicate'.
        }
    }

    public void Dispose()
    {
        _calls.Dispose();
        _pace.Dispose();
    }

    private async Task<CallbackReply> ServeAsync(HttpContext http, AnswerKind kind)
    {
        using var call = _calls.AttemptAcquire();
        return call.IsAcquired
            ? await ReadAndTakeAsync(http, kind)
            : CallbackReply.Postpone(StatusCodes.Status503ServiceUnavailable, "busy", "Too many calls at once") with { EndsConnection = true };
    }

    private async Task<CallbackReply> ReadAndTakeAsync(HttpContext http, AnswerKind kind)
    {
        if (CallbackHeaders.FindProblem(http.Request, HttpMethods.Post) is { } unfit)
        {
            return unfit;
        }

        if (!CallbackHeaders.TryReadToken(http.Request, out var token, out var refusal))
        {
            return refusal;
        }

        var (body, unread) = await _body.ReadAsync(http.Request);
        if (unread is not null)
        {
            return unread;
        }

        return WireJson.TryReadAnswer(body, new AnswerGiven(kind, token), out var answer, out var problem)
            ? await PaceAsync(http, answer)
            : CallbackReply.From(problem);
    }

    private async Task<CallbackReply> PaceAsync(HttpContext http, ActivityAnswer answer)
    {
        if (!_pace.Takes(answer))
        {
            return CallbackReply.Postpone(
                StatusCodes.Status429TooManyRequests, "too_many_heartbeats", $"More than {limits.HeartbeatsPerSecond} heartbeats of this token in a second");
        }

        // Verifying costs one HMAC: whoever has a genuine token is served, whatever others at his address send.
        var reply = await TakeAsync(answer, http.RequestAborted);
        return reply.Receipt?.Disposition is Disposition.InvalidToken && !_pace.TakesInvalid(http.Connection.RemoteIpAddress?.ToString() ?? "")
            ? CallbackReply.Postpone(StatusCodes.Status429TooManyRequests, "too_many_invalid_tokens", "Too many invalid tokens from this address")
                with { EndsConnection = true }
            : reply;
    }

    private async Task<CallbackReply> TakeAsync(ActivityAnswer answer, CancellationToken aborted)
    {
        using var deadline = new CallDeadline(limits, TimeSpan.Zero, clock, aborted);
        try
        {
            return CallbackReply.From(await taker.TakeAsync(answer, deadline.Token));
        }
        catch (WorkflowVersionException exception)
        {
            return CallbackReply.LeaveToAnotherEngine(exception);
        }
        catch (Exception exception) when (!aborted.IsCancellationRequested)
        {
            // Whatever it was, the answer is not known to be applied: the caller keeps it and sends it again.
            logger.CallbackUnavailable(answer.Kind, exception);
            return CallbackReply.Postpone(
                StatusCodes.Status503ServiceUnavailable, "unavailable", "The answer could not be taken now. Send the same again.");
        }
    }
}
