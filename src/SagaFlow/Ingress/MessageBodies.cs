using System.Diagnostics.CodeAnalysis;
using SagaFlow.Client.Bus;
using SagaFlow.Contracts;

namespace SagaFlow.Ingress;

/// <summary>Finds the JSON object of a message of the broker: the body itself, or the message of a MassTransit envelope.</summary>
internal static class MessageBodies
{
    /// <param name="message">The message as it came.</param>
    /// <param name="body">The JSON, not looked into yet.</param>
    /// <param name="messageTypes">The types that the envelope says; <see langword="null"/> when there is none.</param>
    /// <param name="problem">Why there is nothing to read.</param>
    public static bool TryOpen(
        RawMessage message, out ReadOnlyMemory<byte> body, out string[]? messageTypes, [NotNullWhen(false)] out WireProblem? problem)
    {
        (body, messageTypes, problem) = (message.Body, null, null);
        if (!CompressedBodies.IsPlain(message.ContentEncoding))
        {
            problem = new WireProblem(Disposition.Malformed, CompressedBodies.Code, CompressedBodies.Refusal(Shown(message.ContentEncoding!)));
            return false;
        }

        if (WireMedia.IsJson(message.ContentType))
        {
            return true;
        }

        if (!WireMedia.IsEnvelope(message.ContentType))
        {
            problem = new WireProblem(
                Disposition.Malformed, "content_type", "The content type is neither JSON nor a MassTransit JSON envelope, in UTF-8");
            return false;
        }

        if (!WireJson.TryUnwrapEnvelope(message.Body, out var envelope, out problem))
        {
            return false;
        }

        (body, messageTypes) = (envelope.Message, envelope.MessageTypes);
        return true;
    }

    // A stranger's word, in a reason that is logged and shown.
    private static string Shown(string encoding) => encoding.Length <= 16 && encoding.All(char.IsAsciiLetterOrDigit) ? encoding : "of an unknown form";
}
