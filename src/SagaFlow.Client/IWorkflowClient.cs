using SagaFlow.Contracts;

namespace SagaFlow.Client;

/// <summary>Starts workflows and asks about them.</summary>
/// <remarks>Every call throws <see cref="ReceiptTimeoutException"/> when no engine answers within
/// <see cref="SagaFlowClientOptions.ReceiptTimeout"/>. Cancelling ends the waiting; a start may be applied all the same.</remarks>
public interface IWorkflowClient
{
    /// <summary>Starts a workflow. Its business key is taken from the message by the workflow's definition.</summary>
    /// <param name="workflowType">The type, in kebab case, such as <c>data-routing</c>.</param>
    /// <param name="message">The start message.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>The receipt, given after the workflow is stored: <see cref="Disposition.Applied"/>, <see cref="Disposition.Duplicate"/>
    /// when the key was started with the same message before, or <see cref="Disposition.DuplicateConflict"/> when with another, each
    /// with the workflow's id.</returns>
    Task<Receipt> StartAsync(string workflowType, object message, CancellationToken cancellationToken = default);

    /// <summary>Cancels a workflow: it ends as <c>Canceled</c>, its open activities with it, and their holders are told to stop.</summary>
    /// <param name="workflowId">Which one.</param>
    /// <param name="reason">Why, for its history and for the holders of its activities; at most 1,024 characters.</param>
    /// <param name="cancellationToken">Ends the waiting; the workflow may be canceled all the same.</param>
    /// <returns>The receipt, given after the end is stored: <see cref="Disposition.Applied"/>, <see cref="Disposition.Duplicate"/> when
    /// it was canceled before, <see cref="Disposition.WorkflowClosed"/> when it has ended otherwise, or
    /// <see cref="Disposition.UnknownWorkflow"/>.</returns>
    Task<Receipt> CancelAsync(Guid workflowId, string? reason = null, CancellationToken cancellationToken = default);

    /// <summary>Cancels the workflow of a type and business key.</summary>
    /// <param name="workflowType">The type, in kebab case.</param>
    /// <param name="businessKey">Its business key.</param>
    /// <param name="reason">Why, for its history and for the holders of its activities; at most 1,024 characters.</param>
    /// <param name="cancellationToken">Ends the waiting; the workflow may be canceled all the same.</param>
    /// <inheritdoc cref="CancelAsync(Guid,string,CancellationToken)" path="/returns"/>
    Task<Receipt> CancelAsync(string workflowType, string businessKey, string? reason, CancellationToken cancellationToken = default);

    /// <summary>Gives a running workflow a message of its author's.</summary>
    /// <param name="workflowId">Which one.</param>
    /// <param name="message">The message.</param>
    /// <param name="eventName">The signal's name in the workflow; by default the one that takes messages of this type's name.</param>
    /// <param name="cancellationToken">Ends the waiting; the message may be applied all the same.</param>
    /// <returns>The receipt, given after the change is stored: <see cref="Disposition.Applied"/>, <see cref="Disposition.Kept"/> for
    /// a state that handles it, <see cref="Disposition.Ignored"/> where the state ignores it, or why it was refused:
    /// <see cref="Disposition.UnknownWorkflow"/> also before the start, <see cref="Disposition.WorkflowClosed"/>,
    /// <see cref="Disposition.Canceled"/>, <see cref="Disposition.TooMany"/>, or <see cref="Disposition.Malformed"/> for a message
    /// that the workflow does not know, with the names that it does.</returns>
    Task<Receipt> SignalAsync(Guid workflowId, object message, string? eventName = null, CancellationToken cancellationToken = default);

    /// <summary>Gives the running workflow of a type and business key a message of its author's.</summary>
    /// <param name="workflowType">The type, in kebab case.</param>
    /// <param name="businessKey">Its business key.</param>
    /// <param name="message">The message.</param>
    /// <param name="eventName">The signal's name in the workflow; by default the one that takes messages of this type's name.</param>
    /// <param name="cancellationToken">Ends the waiting; the message may be applied all the same.</param>
    /// <inheritdoc cref="SignalAsync(Guid,object,string,CancellationToken)" path="/returns"/>
    Task<Receipt> SignalAsync(
        string workflowType, string businessKey, object message, string? eventName = null, CancellationToken cancellationToken = default);

    /// <summary>Waits, for as long as it takes, until the workflow ends, and returns its result. An engine that is away is waited for.</summary>
    /// <exception cref="WorkflowFailedException">It ended without a result.</exception>
    /// <exception cref="WorkflowNotFoundException">There is no such workflow.</exception>
    Task<TResult?> GetResultAsync<TResult>(Guid workflowId, CancellationToken cancellationToken = default);

    /// <summary>Reads the workflow as it is stored now.</summary>
    /// <exception cref="WorkflowNotFoundException">There is no such workflow.</exception>
    Task<WorkflowDescription> QueryAsync(Guid workflowId, CancellationToken cancellationToken = default);

    /// <summary>Reads the workflow of a type and business key as it is stored now.</summary>
    /// <exception cref="WorkflowNotFoundException">There is no such workflow.</exception>
    Task<WorkflowDescription> QueryAsync(string workflowType, string businessKey, CancellationToken cancellationToken = default);

    /// <summary>Reads the whole history, oldest first.</summary>
    /// <exception cref="WorkflowNotFoundException">There is no such workflow.</exception>
    Task<IReadOnlyList<WorkflowHistoryEvent>> GetHistoryAsync(Guid workflowId, CancellationToken cancellationToken = default);

    /// <summary>Reads the workflow's activities in the order in which they were scheduled.</summary>
    /// <exception cref="WorkflowNotFoundException">There is no such workflow.</exception>
    Task<IReadOnlyList<ActivityDescription>> GetActivitiesAsync(Guid workflowId, CancellationToken cancellationToken = default);
}
