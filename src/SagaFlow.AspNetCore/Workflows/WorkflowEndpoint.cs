using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using SagaFlow.AspNetCore.Callbacks;
using SagaFlow.Client;
using SagaFlow.Client.Control;
using SagaFlow.Contracts;

namespace SagaFlow.AspNetCore.Workflows;

/// <summary>One call about a workflow: check the headers, read the body, have it done, tell what became of it. Whether the caller may is decided before.</summary>
internal sealed class WorkflowEndpoint(Lazy<IRoad> road, Lazy<IIdSource> ids, CallbackLimits limits, TimeProvider clock, ILogger<WorkflowEndpoint> logger)
    : IDisposable
{
    private readonly BoundedBody _body = new(limits, clock);
    private readonly ConcurrencyLimiter _calls = new(new ConcurrencyLimiterOptions { PermitLimit = limits.ConcurrentCalls, QueueLimit = 0 });

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

    public void Dispose() => _calls.Dispose();

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

        return TryRead(http.Request, verb, body, out var message, out var problem)
            ? await AskAsync(message!, verb, http.RequestAborted)
            : CallbackReply.From(problem!);
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
            return CallbackReply.From(await road.Value.AskAsync(ids.Value.Next(), message, verb.Name, hold, deadline.Token));
        }
        catch (Exception exception) when (!aborted.IsCancellationRequested)
        {
            // Whatever it was, the change is not known to be made: the caller keeps it and asks again.
            logger.WorkflowCallUnavailable(verb.Name, exception);
            return CallbackReply.Postpone(
                StatusCodes.Status503ServiceUnavailable, "unavailable", "It could not be done now. Send the same again.");
        }
    }
}
