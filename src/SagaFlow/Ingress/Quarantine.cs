using Microsoft.Extensions.Logging;
using SagaFlow.Client.Bus;
using SagaFlow.Contracts;
using SagaFlow.Diagnostics;
using SagaFlow.Storage;
using SagaFlow.Tokens;
using SagaFlow.Workflows;

namespace SagaFlow.Ingress;

/// <summary>Puts aside what nobody can read, with the reason. What is shown of it holds no tokens; the whole is kept sealed.</summary>
internal sealed class Quarantine(IQuarantine store, Sealing sealing, TimeProvider clock, EngineMetrics metrics, ILogger<Quarantine> logger)
{
    // What is shown of a message that is too large to be read: enough to see what it is.
    private const int ShownBytes = 64 * 1024;

    /// <returns>Its id in the quarantine.</returns>
    public async Task<Guid> AddAsync(string endpoint, RawMessage message, string reason, CancellationToken cancellationToken)
    {
        // A stranger's field names stand in reasons, and anything may stand in a content type or a sender.
        reason = TokenScrubber.Scrub(reason);
        var body = message.Body.Length > ShownBytes ? message.Body.Span[..ShownBytes] : message.Body.Span;
        var now = clock.GetUtcNow();
        var id = WireIds.Derive(Guid.Empty, $"{endpoint}/{now.UtcTicks}/{BodyHashes.Of(message.Body.Span)}");
        await store.AddAsync(
            new QuarantinedMessage(
                id,
                endpoint,
                TokenScrubber.Scrub(message.ContentType),
                TokenScrubber.Scrub(body),
                reason,
                now,
                message.Sender is { } sender ? TokenScrubber.Scrub(sender) : null,
                SealedMessages.Seal(sealing, message)),
            cancellationToken);
        metrics.Quarantined(endpoint);
        logger.MessageQuarantined(endpoint, reason);
        return id;
    }
}
