using System.Collections.Concurrent;
using System.Data.Common;
using System.Globalization;
using System.Runtime.ExceptionServices;
using SagaFlow.Contracts;

namespace SagaFlow.Workflows;

/// <summary>Collects why some workflows did not take a message for all, and tells of it once the others have it.</summary>
internal sealed class BroadcastFailures(string workflowType)
{
    // An operator looks for the rest by their type.
    private const int Named = 20;

    private readonly ConcurrentQueue<Guid> _full = [];
    private readonly ConcurrentQueue<(Guid WorkflowId, string Reason)> _broken = [];
    private ExceptionDispatchInfo? _passing;

    /// <summary>Notes what a workflow said to the message.</summary>
    public void Add(Guid workflowId, Receipt receipt)
    {
        if (receipt.Disposition is Disposition.TooMany)
        {
            _full.Enqueue(workflowId);
        }
    }

    /// <summary>Notes that a workflow could not be asked.</summary>
    public void Add(Guid workflowId, Exception exception)
    {
        if (Passes(exception))
        {
            _passing ??= ExceptionDispatchInfo.Capture(exception);
        }
        else
        {
            _broken.Enqueue((workflowId, exception.Message));
        }
    }

    /// <summary>Throws what passes by itself first, so that the message is delivered again.</summary>
    /// <exception cref="SagaFlowException">The same would happen at the next delivery: the message is to be put aside.</exception>
    public void ThrowIfAny()
    {
        _passing?.Throw();
        string[] problems =
        [
            .. _full.IsEmpty ? Array.Empty<string>() : [Problem(_full, "keep too many messages already")],
            .. _broken.IsEmpty ? Array.Empty<string>() : [$"{Problem(_broken.Select(x => x.WorkflowId), "cannot take it")}: {_broken.First().Reason}"],
        ];
        if (problems.Length > 0)
        {
            throw new SagaFlowException(string.Join(". ", problems));
        }
    }

    // The database or the network: tried again, it goes well. A workflow of a newer version has an engine that takes it.
    private static bool Passes(Exception exception) =>
        exception is WorkflowVersionException { IsNewer: true } or DbException or IOException or TimeoutException or OperationCanceledException or ObjectDisposedException
        || (exception.InnerException is { } inner && Passes(inner));

    private string Problem(IEnumerable<Guid> workflows, string what)
    {
        var ids = workflows.ToList();
        return string.Create(
            CultureInfo.InvariantCulture, $"{ids.Count} workflows of type '{workflowType}' {what}, among them {string.Join(", ", ids.Take(Named))}");
    }
}
