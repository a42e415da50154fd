using System.Text.Json;
using MassTransit;
using MassTransit.Serialization;
using SagaFlow.Contracts;
using SagaFlow.Storage;

namespace SagaFlow.Testing;

/// <summary>A message that a workflow published or sent, read from the very bytes that would leave.</summary>
internal sealed class AuthorMessage
{
    private readonly JsonElement _content;

    private AuthorMessage(OutgoingMessage message, string[] types, JsonElement content)
    {
        (Id, Body, Types, _content) = (message.Id, message.Body, types, content);
        Destination = new Uri(message.Destination).AbsolutePath.Split('/')[^1];
    }

    public Guid Id { get; }

    public byte[] Body { get; }

    /// <summary>The message's types as URNs, the most derived first.</summary>
    public string[] Types { get; }

    /// <summary>The queue or exchange it goes to.</summary>
    public string Destination { get; }

    /// <summary>Whether it goes to everybody who wants its type, and not to one queue.</summary>
    // Transports name a type's exchange by its URN or by the end of it.
    public bool IsPublished => Types is [var first, ..] && (first == Destination || first.EndsWith($":{Destination}", StringComparison.Ordinal));

    public static AuthorMessage Read(OutgoingMessage message)
    {
        using var envelope = JsonDocument.Parse(message.Body);
        if (!envelope.RootElement.TryGetProperty("messageType", out var types) || !envelope.RootElement.TryGetProperty("message", out var content))
        {
            throw new SagaFlowException($"A message to '{message.Destination}' has no MassTransit envelope; the harness cannot deliver it.");
        }

        return new AuthorMessage(message, [.. types.EnumerateArray().Select(x => x.GetString()!)], content.Clone());
    }

    public bool Is(Type type) => Types.Contains(MessageUrn.ForTypeString(type), StringComparer.Ordinal);

    public T As<T>() => _content.Deserialize<T>(SystemTextJsonMessageSerializer.Options)!;
}
