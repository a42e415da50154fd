using System.Net.Http.Headers;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SagaFlow.Contracts;

namespace SagaFlow.Worker;

/// <summary>The other way to an engine: its HTTP callbacks, where the worker was told their address.</summary>
internal sealed class HttpCallbacks(IOptions<SagaFlowWorkerOptions> options, TimeProvider timeProvider, ILogger<HttpCallbacks> logger) : IDisposable
{
    private const int MaximumReceiptBytes = 64 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    // A redirect would carry the token to an address that nobody configured.
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(2) })
    {
        Timeout = Timeout.InfiniteTimeSpan,
        MaxResponseContentBufferSize = MaximumReceiptBytes,
    };

    public bool IsConfigured => options.Value.CallbackUrl is not null;

    /// <summary>Posts an answer; <see langword="null"/> when no engine of this deployment has judged it.</summary>
    public async Task<Receipt?> PostAsync(ActivityAnswer answer, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            using var request = RequestOf(answer);
            using var response = await _http.SendAsync(request, either.Token);
            var body = await response.Content.ReadAsByteArrayAsync(either.Token);
            if (WireJson.TryReadReceipt(body, out var receipt, out _) && IsJudged(receipt))
            {
                return receipt;
            }

            logger.HttpRefused(answer.Kind, $"status {(int)response.StatusCode}");
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            logger.HttpRefused(answer.Kind, exception.Message);
        }

        return null;
    }

    public void Dispose() => _http.Dispose();

    private HttpRequestMessage RequestOf(ActivityAnswer answer)
    {
        var content = new ByteArrayContent(WireJson.Write(answer));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        var address = options.Value.CallbackUrl!.AbsoluteUri.TrimEnd('/') + answer.Kind.ToCallbackPath();
        return new HttpRequestMessage(HttpMethod.Post, address) { Content = content };
    }

    // Only what an engine says that knows the activity settles an answer. Another deployment's, reached by mistake, knows neither token
    // nor workflow; a proxy in between may find the answer too large or forbidden, and the bus may still take it.
    private static bool IsJudged(Receipt receipt) => receipt.Disposition is
        Disposition.Applied or Disposition.Duplicate or Disposition.Ignored or Disposition.Kept
        or Disposition.DuplicateConflict or Disposition.StaleAttempt
        or Disposition.TimedOut or Disposition.Canceled or Disposition.ActivityClosed or Disposition.WorkflowClosed;
}
