using System.Text;
using SagaFlow.Activities;
using SagaFlow.Contracts;

namespace SagaFlow.Workflows;

/// <summary>The message that starts a workflow, without its type.</summary>
internal abstract class StartDefinition(string eventName, Type messageType)
{
    private const int LongestKey = 255;

    /// <summary>Stands for the workflow of a message without a usable key, until the engine refuses the message.</summary>
    public static readonly Guid NoWorkflow = WireIds.Derive(Guid.Empty, "no workflow");

    private Func<string, Guid>? _workflowIdOfKey;

    public string EventName { get; } = eventName;

    public Type MessageType { get; } = messageType;

    /// <summary>How a failed run begins again; <see langword="null"/> when it does not.</summary>
    public abstract RetryPolicy? Retry { get; }

    /// <summary>Ties the definition to a deployment and a workflow type; called once, when the workflow is registered.</summary>
    public void Attach(Func<string, Guid> workflowIdOfKey) => _workflowIdOfKey = workflowIdOfKey;

    /// <summary>Reads, checks and normalizes the business key.</summary>
    /// <exception cref="BusinessKeyException">The key is missing, too long or holds a control character.</exception>
    public abstract string BusinessKeyOf(object message);

    /// <exception cref="BusinessKeyException">The key cannot be used.</exception>
    /// <exception cref="WorkflowTimeoutException">The time cannot be used.</exception>
    public StartTerms TermsOf(object message) => new(BusinessKeyOf(message), TimeoutOf(message), Retry is not null);

    /// <summary>Reads and checks how long the workflow may take; <see langword="null"/> when it has no limit.</summary>
    /// <exception cref="WorkflowTimeoutException">The time is not above zero, or longer than ten years.</exception>
    public abstract TimeSpan? TimeoutOf(object message);

    public Guid WorkflowIdOf(object message) =>
        (_workflowIdOfKey ?? throw new InvalidOperationException("The workflow is not registered with AddWorkflow."))(BusinessKeyOf(message));

    /// <summary>Says which workflow a message on the workflow's queue is for, also when it is to be refused.</summary>
    public Guid CorrelationIdOf(object message)
    {
        try
        {
            return WorkflowIdOf(message);
        }
        catch (BusinessKeyException)
        {
            return NoWorkflow;
        }
    }

    internal static string Normalize(string? key)
    {
        if (string.IsNullOrWhiteSpace(key))
        {
            throw new BusinessKeyException("The business key is empty. Give each start a key that names the work.");
        }

        if (key.Length > LongestKey)
        {
            throw new BusinessKeyException($"The business key has {key.Length} characters; {LongestKey} are allowed.");
        }

        if (key.EnumerateRunes().Any(IsRefused) || char.IsWhiteSpace(key[^1]) || char.IsWhiteSpace(key[0]))
        {
            throw new BusinessKeyException("The business key holds a control or direction character, or begins or ends with a space.");
        }

        return key.Normalize(NormalizationForm.FormC);
    }

    // Direction overrides make two keys look alike that are not; control characters break logs and URLs.
    private static bool IsRefused(Rune rune) =>
        Rune.IsControl(rune) || rune == Rune.ReplacementChar || rune.Value is (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069);
}
