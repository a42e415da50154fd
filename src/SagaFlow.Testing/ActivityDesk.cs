using SagaFlow.Activities;
using SagaFlow.Contracts;
using SagaFlow.Storage;
using SagaFlow.Workflows;

namespace SagaFlow.Testing;

/// <summary>What has left the engine and lies before the test: requests, mocks that answer them, and published messages.</summary>
/// <remarks>It outlives a restart of the engine, as workers and other services do.</remarks>
internal sealed class ActivityDesk : ICommitListener
{
    // A test may let many answers come at once; then commits are told from many threads.
    private readonly Lock _lock = new();
    private readonly Dictionary<string, IActivityMock> _mocks = new(StringComparer.Ordinal);
    private readonly Dictionary<Guid, MockOutcome> _given = [];
    private readonly List<ActivityRequest> _received = [];
    private readonly List<ActivityRequest> _waiting = [];

    private int _messages;

    /// <summary>Numbers the messages of a test. Code that was changed and started again must not take one for a repeat.</summary>
    public int NextMessageNumber() => ++_messages;

    /// <summary>Requests whose attempt is open, oldest first.</summary>
    public IReadOnlyList<ActivityRequest> Waiting
    {
        get
        {
            lock (_lock)
            {
                return [.. _waiting];
            }
        }
    }

    public List<AuthorMessage> Published { get; } = [];

    public void Mock(string activity, IActivityMock mock) => _mocks[activity] = mock;

    /// <summary>Takes a request; the mock's outcome for it, or <see langword="null"/> when no mock stands for the activity.</summary>
    public MockOutcome? Receive(ActivityRequest request)
    {
        if (_received.All(x => x.MessageId != request.MessageId))
        {
            _received.Add(request);
            lock (_lock)
            {
                _waiting.Add(request);
            }
        }

        if (!_mocks.TryGetValue(request.Activity, out var mock))
        {
            return null;
        }

        // A request that a restart repeats is the same call.
        if (!_given.TryGetValue(request.MessageId, out var outcome))
        {
            _given[request.MessageId] = outcome = mock.Next(request);
        }

        return outcome;
    }

    /// <summary>Every request of a workflow that was ever delivered, each attempt once, oldest first.</summary>
    public IReadOnlyList<ActivityRequest> ReceivedOf(Guid workflowId) => [.. _received.Where(x => x.WorkflowId == workflowId)];

    public void OnCommitted(ChangeSet changes)
    {
        foreach (var state in changes.Activities.Select(x => x.State))
        {
            var open = state.Status is ActivityStatus.Scheduled or ActivityStatus.Started ? state.Attempt : 0;
            lock (_lock)
            {
                _waiting.RemoveAll(x => x.WorkflowId == state.WorkflowId && x.ActivityId == state.Id && x.Attempt != open);
            }
        }
    }
}
