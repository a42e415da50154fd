using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using SagaFlow.AspNetCore.Callbacks;
using SagaFlow.Client;
using SagaFlow.Client.Control;
using SagaFlow.Contracts;
using SagaFlow.Workflows;

namespace SagaFlow.AspNetCore.Workflows;

/// <summary>One call about a workflow: check the headers, read the body, have it done, tell what became of it. Whether the caller may is decided before.</summary>
internal sealed class WorkflowEndpoint(Lazy<IRoad> road, Lazy<IIdSource> ids, CallbackLimits limits, TimeProvider clock, ILogger<WorkflowEndpoint> logger)
    : IDisposable
{
    private readonly BoundedBody _body = new(limits, clock);
    private readonly ConcurrencyLimiter _calls = new(new ConcurrencyLimiterOptions { PermitLimit = limits.ConcurrentCalls, QueueLimit = 0 });

    // Who waits on purpose is counted apart, so that waiting keeps nobody from starting and canceling.
    private readonly ConcurrencyLimiter _waits = new(new ConcurrencyLimiterOptions { PermitLimit = limits.ConcurrentWaits, QueueLimit = 0 });

    public async Task HandleAsync(HttpContext http, WorkflowVerb verb)
    {
        try
        {
            var reply = await ServeAsync(http, verb);
            if (reply.Code is { } code)
            {
                logger.WorkflowCallRefused(verb.Name, reply.Status, code);
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
        _waits.Dispose();
    }

    private async Task<CallbackReply> ServeAsync(HttpContext http, WorkflowVerb verb)
    {
        using var call = _calls.AttemptAcquire();
        if (!call.IsAcquired)
        {
            return CallbackReply.Postpone(StatusCodes.Status503ServiceUnavailable, "busy", "Too many calls at once") with { EndsConnection = true };
        }

        if (CallbackHeaders.FindProblem(http.Request, verb.Method) is { } unfit)
        {
            return unfit;
        }

        var (body, unread) = HttpMethods.IsPost(verb.Method) ? await _body.ReadAsync(http.Request) : default;
        if (unread is not null)
        {
            return unread;
        }

        if (!TryRead(http.Request, verb, body, out var message, out var problem))
        {
            return CallbackReply.From(problem!);
        }

        if (message is not QueryWorkflow { WaitMs: > 0 } wait)
        {
            return await AskAsync(message!, verb, http.RequestAborted);
        }

        call.Dispose();
        return await WaitAsync(wait, verb, http.RequestAborted);
    }

    private async Task<CallbackReply> WaitAsync(QueryWorkflow query, WorkflowVerb verb, CancellationToken aborted)
    {
        using var place = _waits.AttemptAcquire();
        if (place.IsAcquired)
        {
            return await AskAsync(query, verb, aborted);
        }

        // Without a place it is answered now, if there is an answer.
        var now = await AskAsync(query with { WaitMs = 0 }, verb, aborted);
        return now.IsOfRunning ? TooManyWait() : now;
    }

    private static bool TryRead(HttpRequest request, WorkflowVerb verb, ReadOnlyMemory<byte> body, out ControlMessage? message, out WireProblem? problem)
    {
        if (verb.NeedsBody || !body.IsEmpty)
        {
            return WireJson.TryRead(body, content => verb.Read(request, content), out message, out problem);
        }

        try
        {
            (message, problem) = (verb.Read(request, body), null);
        }
        catch (WireFormatException exception)
        {
            (message, problem) = (null, exception.Problem);
        }

        return problem is null;
    }

    private async Task<CallbackReply> AskAsync(ControlMessage message, WorkflowVerb verb, CancellationToken aborted)
    {
        var hold = TimeSpan.FromMilliseconds(message is QueryWorkflow query ? query.WaitMs : 0);
        using var deadline = new CallDeadline(limits, hold, clock, aborted);
        try
        {
            var reply = await road.Value.AskAsync(ids.Value.Next(), message, verb.Name, hold, deadline.Token);
            return reply.Code == ControlReply.TooManyWaiting ? TooManyWait() : CallbackReply.From(reply);
        }
        catch (WorkflowVersionException exception)
        {
            return CallbackReply.LeaveToAnotherEngine(exception);
        }
        catch (Exception exception) when (!aborted.IsCancellationRequested)
        {
            // Whatever it was, the change is not known to be made: the caller keeps it and asks again.
            logger.WorkflowCallUnavailable(verb.Name, exception);
            return CallbackReply.Postpone(
                StatusCodes.Status503ServiceUnavailable, "unavailable", "It could not be done now. Send the same again.");
        }
    }

    private static CallbackReply TooManyWait() => CallbackReply.Postpone(
        StatusCodes.Status503ServiceUnavailable, ControlReply.TooManyWaiting, "Too many callers wait for results. Ask again, or without waitMs.");
}
