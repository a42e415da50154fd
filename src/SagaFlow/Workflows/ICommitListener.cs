using SagaFlow.Storage;

namespace SagaFlow.Workflows;

/// <summary>Told of every change set once it is durable. It must not block and must not throw.</summary>
internal interface ICommitListener
{
    void OnCommitted(ChangeSet changes);
}
