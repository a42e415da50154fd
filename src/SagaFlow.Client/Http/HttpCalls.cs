using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SagaFlow.Contracts;

namespace SagaFlow.Client.Http;

/// <summary>Makes a call until an engine has judged it, with pauses of random length in between, or until its time is over.</summary>
/// <remarks>Every repetition is the same message, so that it is applied once. A reply that is late is no reason to cut the call off: the
/// engine may be about to give it. It is made once more beside the first, for the case that the connection is dead, and the first reply counts.</remarks>
internal sealed class HttpCalls(
    IOptions<SagaFlowHttpClientOptions> http, IOptions<SagaFlowClientOptions> options, IIdSource ids, TimeProvider timeProvider, ILogger<HttpCalls> logger)
    : IDisposable
{
    private const int MaximumReplyBytes = 16 * 1024 * 1024;

    // More would make the load grow when the engine has too much of it already.
    private const int MostAtOnce = 2;

    // The endpoints give up after 30 s: whoever has not replied by then never will.
    private static readonly TimeSpan LongestTry = TimeSpan.FromSeconds(35);
    private static readonly TimeSpan LongestConnecting = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    // A redirect would carry keys and tokens to an address that nobody configured.
    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectTimeout = LongestConnecting,
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
        MaxResponseContentBufferSize = MaximumReplyBytes,
    };

    public delegate T? Reading<out T>(byte[] body)
        where T : class;

    /// <summary>Makes the call.</summary>
    /// <param name="call">What is called.</param>
    /// <param name="hold">How long the other side may hold the reply back on purpose.</param>
    /// <param name="read">Reads the reply; <see langword="null"/> when no engine has judged the call.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="ReceiptTimeoutException">No engine judged it in time.</exception>
    /// <exception cref="SagaFlowException">The call is not allowed, or the address is none of an engine.</exception>
    public async Task<T> CallAsync<T>(HttpCall call, TimeSpan hold, Reading<T> read, CancellationToken cancellationToken)
        where T : class
    {
        BodySize.Check(call.Body?.Length ?? 0, call.What);
        var timeout = options.Value.ReceiptTimeout + hold;
        using var deadline = new CancellationTokenSource(timeout, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            return await CallUntilJudgedAsync(call, hold, read, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new ReceiptTimeoutException(call.What, timeout);
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<T> CallUntilJudgedAsync<T>(HttpCall call, TimeSpan hold, Reading<T> read, CancellationToken cancellationToken)
        where T : class
    {
        using var judged = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var open = new List<Task<(T? Reply, TimeSpan? RetryAfter)>>(MostAtOnce);
        var wait = TimeSpan.Zero;
        try
        {
            for (var tries = 0; ;)
            {
                if (await FirstWithinAsync(open, wait, judged.Token).ConfigureAwait(false) is not { } ended)
                {
                    open.Add(TryOnceAsync(call, LongestTry + hold, read, judged.Token));
                    wait = open.Count < MostAtOnce ? options.Value.ResendInterval + hold : Timeout.InfiniteTimeSpan;
                    continue;
                }

                open.Remove(ended);
                var (reply, retryAfter) = await ended.ConfigureAwait(false);
                if (reply is not null)
                {
                    return reply;
                }

                wait = Pause(tries++, retryAfter);
            }
        }
        finally
        {
            await judged.CancelAsync().ConfigureAwait(false);
        }
    }

    private async Task<TTry?> FirstWithinAsync<TTry>(List<TTry> tries, TimeSpan wait, CancellationToken cancellationToken)
        where TTry : Task
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var over = Task.Delay(wait, timeProvider, ended.Token);
        var first = await Task.WhenAny([.. tries, over]).ConfigureAwait(false);
        await ended.CancelAsync().ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return first as TTry;
    }

    private async Task<(T? Reply, TimeSpan? RetryAfter)> TryOnceAsync<T>(HttpCall call, TimeSpan patience, Reading<T> read, CancellationToken cancellationToken)
        where T : class
    {
        using var enough = new CancellationTokenSource(patience, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(enough.Token, cancellationToken);
        try
        {
            using var request = await RequestOfAsync(call, either.Token).ConfigureAwait(false);
            using var response = await _http.SendAsync(request, either.Token).ConfigureAwait(false);
            if (read(await response.Content.ReadAsByteArrayAsync(either.Token).ConfigureAwait(false)) is { } reply)
            {
                return (reply, null);
            }

            ThrowIfFinal(response.StatusCode, call);
            logger.HttpCallPostponed(call.What, $"status {(int)response.StatusCode}");
            return (null, response.Headers.RetryAfter?.Delta);
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            logger.HttpCallPostponed(call.What, exception.Message);
            return (null, null);
        }
    }

    private async Task<HttpRequestMessage> RequestOfAsync(HttpCall call, CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(call.Method, http.Value.BaseAddress!.AbsoluteUri.TrimEnd('/') + call.Path);
        if (call.Body is { } body)
        {
            request.Content = new ReadOnlyMemoryContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        if (call.IdempotencyKey is { } key)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        if (call.IsAuthenticated)
        {
            await AuthenticateAsync(request.Headers, cancellationToken).ConfigureAwait(false);
        }

        return request;
    }

    private async Task AuthenticateAsync(HttpRequestHeaders headers, CancellationToken cancellationToken)
    {
        if (http.Value.ApiKey is { } key)
        {
            headers.Add("X-Api-Key", key);
        }

        if (http.Value.AccessToken is { } give)
        {
            headers.Authorization = new AuthenticationHeaderValue("Bearer", await give(cancellationToken).ConfigureAwait(false));
        }
    }

    private static void ThrowIfFinal(HttpStatusCode status, HttpCall call)
    {
        if (status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
        {
            throw new SagaFlowException($"The {call.What} is not allowed (status {(int)status}). Set an ApiKey or an AccessToken that the engine's host takes.");
        }

        if ((int)status is < 500 and not 408 and not 425 and not 429)
        {
            throw new SagaFlowException($"The {call.What} was answered with status {(int)status} by something that is no SagaFlow endpoint. See that the BaseAddress is right.");
        }
    }

    // Full pauses would bring all callers back at one instant.
    private TimeSpan Pause(int tries, TimeSpan? retryAfter)
    {
        var longest = Math.Min(FirstPause.TotalSeconds * Math.Pow(2, Math.Min(tries, 16)), LongestPause.TotalSeconds);
        return ids.NextPause(TimeSpan.FromSeconds(longest)) + (retryAfter is { } after && after < LongestPause ? after : TimeSpan.Zero);
    }
}
