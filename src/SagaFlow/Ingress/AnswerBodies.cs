using System.Diagnostics.CodeAnalysis;
using SagaFlow.Client.Bus;
using SagaFlow.Contracts;

namespace SagaFlow.Ingress;

/// <summary>Reads an answer from a message of the broker: JSON as it is, or in a MassTransit envelope whose message type gives the kind.</summary>
internal static class AnswerBodies
{
    private const string UrnStart = "urn:message:sagaflow:activity-";

    public static bool TryRead(
        RawMessage message, [NotNullWhen(true)] out ActivityAnswer? answer, [NotNullWhen(false)] out WireProblem? problem)
    {
        answer = null;
        if (!MessageBodies.TryOpen(message, out var body, out var messageTypes, out problem))
        {
            return false;
        }

        return messageTypes is null
            ? WireJson.TryReadAnswer(body, out answer, out problem)
            : TryFindKind(messageTypes, out var kind, out problem) && WireJson.TryReadAnswer(body, new AnswerGiven(kind, null), out answer, out problem);
    }

    private static bool TryFindKind(string[] urns, out AnswerKind kind, [NotNullWhen(false)] out WireProblem? problem)
    {
        problem = null;
        foreach (var urn in urns)
        {
            if (urn.StartsWith(UrnStart, StringComparison.Ordinal) && WireNames.TryReadKind(urn[UrnStart.Length..], out kind))
            {
                return true;
            }
        }

        kind = default;
        problem = new WireProblem(
            Disposition.Malformed, "message_type", $"The envelope's message type is none of '{UrnStart}completed' and its like");
        return false;
    }
}
