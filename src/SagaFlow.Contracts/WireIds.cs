using System.Globalization;
using System.Security.Cryptography;

namespace SagaFlow.Contracts;

/// <summary>The ids that are derived from what they name, so that everybody derives the same one: UUIDs of version 5.</summary>
public static class WireIds
{
    private static readonly Guid DeploymentSpace = new("12518108-0b66-59c1-8b11-6085066d5c6c");
    private static readonly Guid MessageSpace = new("67dd7693-6e55-580b-8242-70c8628d2ec7");
    private static readonly Guid AnswerSpace = new("8cb88320-11fb-5489-91e0-507769b72bfa");

    /// <summary>Returns the namespace of a deployment's workflow ids.</summary>
    public static Guid Deployment(string deployment)
    {
        ArgumentException.ThrowIfNullOrEmpty(deployment);
        return UuidV5.Create(DeploymentSpace, deployment);
    }

    /// <summary>Returns the id of the workflow of this type and business key. Case and white space of the key count.</summary>
    /// <param name="deployment">The deployment's id, <c>sagaflow</c> unless its prefix was changed.</param>
    /// <param name="workflowType">The workflow's type, in kebab case.</param>
    /// <param name="businessKey">The business key, in the Unicode form in which the engine stores it.</param>
    public static Guid Workflow(string deployment, string workflowType, string businessKey)
    {
        ArgumentException.ThrowIfNullOrEmpty(workflowType);
        ArgumentException.ThrowIfNullOrEmpty(businessKey);
        return UuidV5.Create(Deployment(deployment), workflowType + "\n" + businessKey);
    }

    /// <summary>Returns the message id of the request of one attempt; each delivery of the attempt has the same.</summary>
    public static Guid Request(Guid workflowId, string activityId, int attempt)
    {
        ArgumentException.ThrowIfNullOrEmpty(activityId);
        return UuidV5.Create(workflowId, activityId + "\n" + attempt.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Returns the id that stands for a sender's message id: itself when it is a UUID, else one hashed from it.</summary>
    public static Guid Message(string messageId)
    {
        ArgumentException.ThrowIfNullOrEmpty(messageId);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(messageId.Length, WireLimits.MessageIdLength, nameof(messageId));
        return Guid.TryParseExact(messageId, "D", out var id) ? id : UuidV5.Create(MessageSpace, messageId);
    }

    /// <summary>Returns the id of an answer: its sender's message id, or one derived from token, kind, sequence and content.</summary>
    public static Guid Answer(ActivityAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return string.IsNullOrEmpty(answer.MessageId) ? DerivedAnswer(answer) : Message(answer.MessageId);
    }

    /// <summary>Returns the id of something that a workflow's row stands for, by the name of that thing.</summary>
    internal static Guid Derive(Guid workflowId, string name) => UuidV5.Create(workflowId, name);

    /// <summary>Returns the id that an answer has when its sender gave none.</summary>
    internal static Guid DerivedAnswer(ActivityAnswer answer)
    {
        var sequence = answer.Sequence?.ToString(CultureInfo.InvariantCulture);
        return UuidV5.Create(AnswerSpace, $"{answer.TaskToken}\n{answer.Kind.ToWireName()}\n{sequence}\n{BodyHash(answer)}");
    }

    /// <summary>Returns the SHA-256, in hex, of what an answer says: payloads byte for byte, but neither its token nor its message
    /// id nor the spelling of the rest, so that the same answer by bus, HTTP and envelope is the same.</summary>
    internal static string BodyHash(ActivityAnswer answer) =>
        Convert.ToHexStringLower(SHA256.HashData(WireJson.Write(answer with { TaskToken = "", MessageId = null })));
}
