using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace DataRouting.Transmission;

/// <summary>Acknowledges by calling back over HTTP.</summary>
public sealed class HttpAcknowledgements(Uri callbacks) : IAcknowledgements
{
    private readonly HttpClient _http = new() { BaseAddress = callbacks };

    // A refusal is an answer: too late is too late.
    public async Task<string?> TryAcknowledgeAsync(string taskToken, CancellationToken cancellationToken)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/activities/complete");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", taskToken);
            request.Content = JsonContent.Create(new { result = new { delivered = true } });
            using var response = await _http.SendAsync(request, cancellationToken);
            var receipt = await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
            return receipt.TryGetProperty("disposition", out var disposition) ? disposition.GetString() : null;
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException || IsTimeout(exception, cancellationToken))
        {
            return null;
        }
    }

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return ValueTask.CompletedTask;
    }

    private static bool IsTimeout(Exception exception, CancellationToken cancellationToken) =>
        exception is OperationCanceledException && !cancellationToken.IsCancellationRequested;
}
