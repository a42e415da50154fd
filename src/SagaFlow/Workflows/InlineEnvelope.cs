using System.Text;
using MassTransit;

namespace SagaFlow.Workflows;

/// <summary>Wraps raw JSON as MassTransit would find it on a queue, to push it through a saga's pipe in this process.</summary>
internal static class InlineEnvelope
{
    public static readonly IReadOnlyDictionary<string, object> Headers =
        new Dictionary<string, object> { ["Content-Type"] = "application/vnd.masstransit+json" };

    public static byte[] Of(Type messageType, Guid messageId, string body) =>
        Encoding.UTF8.GetBytes(
            $$"""{"messageId":"{{messageId}}","messageType":["{{MessageUrn.ForTypeString(messageType)}}"],"message":{{body}}}""");
}
