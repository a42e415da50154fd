using System.Text;

namespace SagaFlow.Storage;

/// <summary>The largest values that are stored, in bytes of UTF-8. They are backstops: messages are capped earlier and lower.</summary>
internal static class StorageLimits
{
    /// <summary>A workflow's document: 4 MiB. It is read and written with every event that its machine handles.</summary>
    public const int Document = 4 * 1024 * 1024;

    /// <summary>Arguments, a result, a checkpoint, a failure, history data, a kept message or a timer's message: 1 MiB.</summary>
    public const int Payload = 1024 * 1024;

    /// <summary>The body of an outgoing or quarantined message, payload and frame: 2 MiB.</summary>
    public const int MessageBody = 2 * 1024 * 1024;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Refuses a change set that holds too large a value, before it is queued with its neighbours.</summary>
    /// <exception cref="StorageLimitException">A value is too large, or is no text.</exception>
    public static void Check(ChangeSet changeSet)
    {
        if (changeSet.Workflow is { } workflow)
        {
            CheckText($"The document of workflow '{workflow.Id}'", workflow.Document, Document);
            CheckText($"The result of workflow '{workflow.Id}'", workflow.Result, Payload);
            CheckText($"The failure of workflow '{workflow.Id}'", workflow.Failure, Payload);
        }

        foreach (var activity in changeSet.Activities)
        {
            Check(activity);
        }

        foreach (var entry in changeSet.History)
        {
            CheckText($"The data of history event '{entry.Kind}' of workflow '{entry.WorkflowId}'", entry.Data, Payload);
        }

        foreach (var kept in changeSet.Kept)
        {
            CheckText($"The kept message '{kept.EventName}' of workflow '{kept.WorkflowId}'", kept.Body, Payload);
        }

        foreach (var timer in changeSet.Timers)
        {
            CheckText($"The timer message '{timer.MessageType}' of workflow '{timer.WorkflowId}'", timer.Body, Payload);
        }

        foreach (var message in changeSet.Outgoing)
        {
            CheckBytes($"The outgoing message to '{message.Destination}'", message.Body.Length, MessageBody);
        }
    }

    /// <summary>Refuses a quarantined message that is too large.</summary>
    /// <exception cref="StorageLimitException">Its body is too large.</exception>
    public static void Check(QuarantinedMessage message) =>
        CheckBytes($"The quarantined message '{message.Id}'", message.Body.Length, MessageBody);

    private static void Check(ActivityRecord activity)
    {
        var state = activity.State;
        CheckText($"The arguments of activity '{state.Id}'", state.Arguments, Payload);
        CheckText($"The checkpoint of activity '{state.Id}'", state.Checkpoint, Payload);
        CheckText($"The result of activity '{state.Id}'", state.Result, Payload);
        CheckText($"The failure details of activity '{state.Id}'", state.Failure?.Details, Payload);
    }

    private static void CheckText(FormattableString what, string? text, int limit)
    {
        if (text is null)
        {
            return;
        }

        try
        {
            CheckBytes(what, Strict.GetByteCount(text), limit);
        }
        catch (EncoderFallbackException e)
        {
            throw new StorageLimitException(FormattableString.Invariant(what), e);
        }
    }

    private static void CheckBytes(FormattableString what, int bytes, int limit)
    {
        if (bytes > limit)
        {
            throw new StorageLimitException(FormattableString.Invariant(what), bytes, limit);
        }
    }
}
