using Microsoft.Extensions.Logging;
using SagaFlow.Client.Bus;
using SagaFlow.Contracts;
using SagaFlow.Diagnostics;
using SagaFlow.Storage;
using SagaFlow.Workflows;

namespace SagaFlow.Ingress;

/// <summary>Puts aside what nobody can read, with the reason, and without the tokens it holds.</summary>
internal sealed class Quarantine(IQuarantine store, TimeProvider clock, EngineMetrics metrics, ILogger<Quarantine> logger)
{
    // What is kept of a message that is too large to be read: enough to see what it is.
    private const int KeptBytes = 64 * 1024;

    public async Task AddAsync(string endpoint, RawMessage message, string reason, CancellationToken cancellationToken)
    {
        // A stranger's field names stand in reasons, and anything may stand in a content type.
        reason = TokenScrubber.Scrub(reason);
        var contentType = TokenScrubber.Scrub(message.ContentType);
        var body = message.Body.Length > KeptBytes ? message.Body.Span[..KeptBytes] : message.Body.Span;
        var now = clock.GetUtcNow();
        var id = WireIds.Derive(Guid.Empty, $"{endpoint}/{now.UtcTicks}/{BodyHashes.Of(message.Body.Span)}");
        await store.AddAsync(
            new QuarantinedMessage(id, endpoint, contentType, TokenScrubber.Scrub(body), reason, now), cancellationToken);
        metrics.Quarantined(endpoint);
        logger.MessageQuarantined(endpoint, reason);
    }
}
