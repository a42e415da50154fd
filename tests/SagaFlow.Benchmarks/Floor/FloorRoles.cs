using System.Text;
using System.Text.Json;
using Npgsql;
using RabbitMQ.Client;
using SagaFlow.Benchmarks.AsyncPath;
using SagaFlow.Benchmarks.Broker;
using SagaFlow.Benchmarks.Processes;

namespace SagaFlow.Benchmarks.Floor;

/// <summary>Engine and worker written by hand.</summary>
internal static class FloorRoles
{
    private const ushort Prefetch = 256;

    public static async Task<int> RunEngineAsync()
    {
        var names = new Names(Names.Floor);
        await MakeTablesAsync();
        await using var broker = await RawBroker.OpenAsync(RoleHost.RabbitMq, "floor engine");
        await broker.DeclareAsync(names.Control);
        await broker.DeclareAsync(names.Answers, ExchangeType.Topic);
        await broker.DeclareAsync(names.Tasks);
        var engine = new FloorEngine(broker, await FloorStore.OpenAsync(RoleHost.Postgres), names);
        await broker.ConsumeAsync(names.Control, Prefetch, engine.ControlAsync);
        await broker.ConsumeAsync(names.Answers, Prefetch, engine.AnswerAsync);
        return await RoleHost.ServeAsync();
    }

    /// <summary>Takes requests, hands their tokens on, and says that the attempt has begun, as the project's worker does.</summary>
    public static async Task<int> RunWorkerAsync()
    {
        var names = new Names(Names.Floor);
        await using var broker = await RawBroker.OpenAsync(RoleHost.RabbitMq, "floor worker");
        await broker.DeclareAsync(Names.Completer);
        await broker.DeclareAsync(names.Tasks);
        await broker.ConsumeAsync(names.Tasks, Prefetch, async delivery =>
        {
            var taskToken = TaskTokenOf(delivery.Body);
            await broker.PublishAsync(Names.Completer, "", Handover.Write(taskToken, names.Answers));
            await broker.PublishAsync(names.Answers, "answer", Encoding.UTF8.GetBytes($$"""{"kind":"started","taskToken":"{{taskToken}}","runningForMs":0}"""));
        });
        return await RoleHost.ServeAsync();
    }

    private static string TaskTokenOf(byte[] request)
    {
        using var document = JsonDocument.Parse(request);
        return document.RootElement.GetProperty("taskToken").GetString()!;
    }

    private static async Task MakeTablesAsync()
    {
        await using var source = NpgsqlDataSource.Create(RoleHost.Postgres);
        await using var make = source.CreateCommand($"drop schema if exists {Names.Floor} cascade; {SagaFlowSchema.Script(Names.Floor)}");
        await make.ExecuteNonQueryAsync();
    }
}
