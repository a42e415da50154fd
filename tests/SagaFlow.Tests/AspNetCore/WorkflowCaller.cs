using System.Text;
using System.Text.Json;

namespace SagaFlow.Tests.AspNetCore;

/// <summary>What a person with curl would do about workflows.</summary>
internal static class WorkflowCaller
{
    public static async Task<(int Status, JsonElement Body)> CallAsync(
        this CallbackHost host, string method, string path, string? body = null, string? apiKey = CallbackHost.ApiKey, string? idempotencyKey = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        foreach (var (name, value) in new[] { ("X-Api-Key", apiKey), ("Idempotency-Key", idempotencyKey) })
        {
            if (value is not null)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }

        using var response = await host.Http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Assert.DoesNotMatch(@"sf\d\.[\w-]+\.[\w-]{8}|canary", text);
        return ((int)response.StatusCode, text.Length == 0 ? default : JsonElement.Parse(text));
    }

    public static string? Text(this JsonElement body, string name) => body.TryGetProperty(name, out var value) ? value.GetString() : null;
}
