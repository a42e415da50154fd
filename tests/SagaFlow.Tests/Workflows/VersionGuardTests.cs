using Microsoft.Extensions.Logging;
using SagaFlow.Tests.AspNetCore;
using SagaFlow.Tests.Storage;
using SagaFlow.Workflows;

namespace SagaFlow.Tests.Workflows;

public sealed class VersionGuardTests : IDisposable
{
    private readonly LogCapture _log = new();
    private readonly ILoggerFactory _loggers;
    private readonly VersionGuard _guard;
    private readonly PlanWorkflowOfTwo _machine = new();

    public VersionGuardTests()
    {
        _loggers = LoggerFactory.Create(logging => logging.AddProvider(_log));
        _guard = new VersionGuard(_loggers.CreateLogger<VersionGuard>());
    }

    public void Dispose()
    {
        _loggers.Dispose();
        _log.Dispose();
    }

    [Theory]
    [Trait("Req", "P22")]
    [InlineData(1, WorkflowStatus.Running, false)]
    [InlineData(2, WorkflowStatus.Running, false)]
    [InlineData(3, WorkflowStatus.Running, true)]
    [InlineData(3, WorkflowStatus.Completed, false)]
    public void A_running_workflow_of_a_newer_version_is_refused(int stored, WorkflowStatus status, bool refused)
    {
        var workflow = Records.Workflow(Records.Id(1)) with { DefinitionVersion = stored, Status = status };

        var exception = Record.Exception(() => _guard.Check(workflow, _machine));

        Assert.Equal(refused, exception is WorkflowVersionException);
    }

    [Fact]
    public void It_is_said_once_for_each_type_and_stored_version()
    {
        foreach (var (type, version) in new[] { ("plan", 3), ("plan", 3), ("plan", 4), ("map", 3), ("map", 3) })
        {
            var workflow = Records.Workflow(Records.Id(1)) with { Type = type, DefinitionVersion = version };
            Assert.Throws<WorkflowVersionException>(() => _guard.Check(workflow, _machine));
        }

        Assert.Equal(3, _log.Count("cannot be read by this engine"));
    }
}
