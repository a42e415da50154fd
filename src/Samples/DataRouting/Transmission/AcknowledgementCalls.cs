using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Threading.Channels;

namespace DataRouting.Transmission;

/// <summary>Calls back with each token when its time has come, and again while nobody answers.</summary>
public sealed class AcknowledgementCalls(Uri callbacks, TransmitJournal journal) : IAsyncDisposable
{
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromMilliseconds(200);

    private readonly HttpClient _http = new() { BaseAddress = callbacks };
    private readonly CancellationTokenSource _stopping = new();
    private Task _loop = Task.CompletedTask;

    public void Start(IReadOnlyList<PendingAcknowledgement> pending, ChannelReader<PendingAcknowledgement> accepted) =>
        _loop = RunAsync(pending, accepted);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _loop;
        _http.Dispose();
        _stopping.Dispose();
    }

    private bool IsTimeout(Exception exception) => exception is OperationCanceledException && !_stopping.IsCancellationRequested;

    private async Task RunAsync(IReadOnlyList<PendingAcknowledgement> pending, ChannelReader<PendingAcknowledgement> accepted)
    {
        var calls = pending.Select(CallAsync).ToList();
        await foreach (var next in accepted.ReadAllAsync())
        {
            calls.Add(CallAsync(next));
        }

        await Task.WhenAll(calls);
    }

    private async Task CallAsync(PendingAcknowledgement pending)
    {
        if (pending.DueAt is not { } dueAt)
        {
            return;
        }

        try
        {
            await WaitUntilAsync(dueAt);
            journal.Calling(pending);
            string? disposition;
            while ((disposition = await TryCallAsync(pending)) is null)
            {
                await Task.Delay(PauseAfterFailure, TimeProvider.System, _stopping.Token);
            }

            journal.Acknowledged(pending, disposition);
        }
        catch (OperationCanceledException)
        {
            // The journal says that it is still owed; the next run of the service calls.
        }
    }

    private Task WaitUntilAsync(DateTimeOffset dueAt)
    {
        var wait = dueAt - TimeProvider.System.GetUtcNow();
        return wait <= TimeSpan.Zero ? Task.CompletedTask : Task.Delay(wait, TimeProvider.System, _stopping.Token);
    }

    // Null: nobody answered, call again. A refusal is an answer: too late is too late.
    private async Task<string?> TryCallAsync(PendingAcknowledgement pending)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/activities/complete");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", pending.TaskToken);
            request.Content = JsonContent.Create(new { result = new { delivered = true } });
            using var response = await _http.SendAsync(request, _stopping.Token);
            var receipt = await response.Content.ReadFromJsonAsync<JsonElement>(_stopping.Token);
            return receipt.TryGetProperty("disposition", out var disposition) ? disposition.GetString() : null;
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException || IsTimeout(exception))
        {
            return null;
        }
    }
}
