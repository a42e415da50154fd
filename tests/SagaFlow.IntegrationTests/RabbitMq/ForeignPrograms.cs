using System.Diagnostics;
using System.Text.Json;

namespace SagaFlow.IntegrationTests.RabbitMq;

/// <summary>Starts programs in Node and Python: the samples, and the publishers beside these tests.</summary>
internal static class ForeignPrograms
{
    /// <summary>Starts a sample and waits until it says that it is ready.</summary>
    public static async Task<RunningProgram> StartSampleAsync(
        string language, string sample, string[] arguments, params (string Name, string Value)[] environment)
    {
        var program = Start(language, Path.Combine(Folder, language, sample + Extension(language)), arguments, null, environment);
        await program.WaitUntilAsync(() => program.Output.Count > 0);
        Assert.True(program.Output is [var first, ..] && first.Contains("ready", StringComparison.Ordinal), string.Join('\n', program.Errors));
        return program;
    }

    /// <summary>Publishes messages from a program in another language and waits until the broker has them.</summary>
    public static async Task PublishAsync(string language, IEnumerable<PublishedMessage> messages)
    {
        using var program = Start(
            language,
            Path.Combine(AppContext.BaseDirectory, "RabbitMq", "publishers", "publish" + Extension(language)),
            [],
            string.Join('\n', messages.Select(x => JsonSerializer.Serialize(x, JsonSerializerOptions.Web))));
        Assert.True(await program.FinishAsync() == 0, string.Join('\n', program.Errors));
    }

    /// <summary>The receipts that a sample has printed.</summary>
    public static IReadOnlyList<JsonElement> Receipts(this RunningProgram program) =>
        [.. program.Output.Select(x => JsonElement.Parse(x)).Where(x => x.TryGetProperty("disposition", out _))];

    public static RunningProgram Start(
        string language, string file, string[] arguments, string? input, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(TestBroker.Read($"SAGAFLOW_TEST_{language.ToUpperInvariant()}"), [file, .. arguments]);
        start.Environment["AMQP_URL"] = TestBroker.Address;
        start.Environment["NODE_PATH"] = Path.Combine(Folder, "node", "node_modules");
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return RunningProgram.Start(start, input);
    }

    private static string Folder => TestBroker.Read("SAGAFLOW_TEST_CLIENTS");

    private static string Extension(string language) => language == "node" ? ".js" : ".py";
}
