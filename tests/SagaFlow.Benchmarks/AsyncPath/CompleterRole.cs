using System.Text;
using SagaFlow.Benchmarks.Broker;
using SagaFlow.Benchmarks.Processes;

namespace SagaFlow.Benchmarks.AsyncPath;

/// <summary>The foreign service that answers: plain JSON, with no part of the project.</summary>
internal static class CompleterRole
{
    private const ushort Prefetch = 512;

    public static async Task<int> RunAsync()
    {
        await using var broker = await RawBroker.OpenAsync(RoleHost.RabbitMq, "completer");
        await broker.DeclareAsync(Names.Completer);
        await broker.ConsumeAsync(Names.Completer, Prefetch, async delivery =>
        {
            var (taskToken, answers) = Handover.Read(delivery.Body);
            var answer = Encoding.UTF8.GetBytes($$$"""{"kind":"completed","taskToken":"{{{taskToken}}}","result":{"ok":true,"value":42}}""");
            await broker.PublishAsync(answers, "answer", answer);
        });
        return await RoleHost.ServeAsync();
    }
}
