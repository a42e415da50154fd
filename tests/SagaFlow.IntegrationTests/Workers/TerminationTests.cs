using System.Globalization;
using SagaFlow.IntegrationTests.RabbitMq;
using SagaFlow.Storage;
using Xunit.Abstractions;

namespace SagaFlow.IntegrationTests.Workers;

/// <summary>A deployment: worker processes are ended while they work, again and again, and others take their place.</summary>
[Collection(BrokerCollection.Name)]
public sealed class TerminationTests(ITestOutputHelper log)
{
    private const int Terminations = 20;
    private const int ParcelsPerTermination = 12;
    private const int Slots = 8;

    private sealed record Step(string Number, int Attempt, string What, int At);

    [Fact]
    [Trait("Req", "P23")]
    [Trait("Req", "W15")]
    [Trait("Req", "W18")]
    public async Task Twenty_workers_that_are_terminated_under_load_lose_no_attempt_and_others_go_on_at_the_checkpoint()
    {
        await using var engine = await BrokerHost.StartEngineAsync();
        var parcels = new List<Guid>();
        var output = new List<string>();
        var worker = await WorkerProcess.StartAsync(engine.Prefix, Slots);
        try
        {
            for (var i = 0; i < Terminations; i++)
            {
                parcels.AddRange(await Task.WhenAll(Enumerable.Range(1, ParcelsPerTermination).Select(n => engine.StartParcelAsync($"P-{i}-{n}"))));
                await Eventually.HoldsAsync(() => Task.FromResult(worker.Output.Count(x => x.Contains(" stands ", StringComparison.Ordinal)) >= Slots), "it works");
                var next = await WorkerProcess.StartAsync(engine.Prefix, Slots);
                Assert.Equal(0, await worker.TerminateAsync());
                output.AddRange(worker.Output);
                worker.Dispose();
                worker = next;
            }

            await ShouldCompleteWithoutALossAsync(engine, parcels);
            output.AddRange(worker.Output);
        }
        finally
        {
            worker.Dispose();
        }

        var released = CountOfCarriedOn(output);
        log.WriteLine($"{parcels.Count} parcels, {released} attempts were handed back and carried on");
        Assert.True(released >= Terminations, $"Only {released} attempts were handed back: the terminations hit nothing");
        Assert.DoesNotContain(output, x => x.Contains("sf1.", StringComparison.Ordinal));
    }

    // The activity has one attempt: whatever spent it would have failed the workflow.
    private static async Task ShouldCompleteWithoutALossAsync(BrokerHost engine, IReadOnlyList<Guid> parcels)
    {
        var reader = engine.Get<IWorkflowReader>();
        foreach (var parcel in parcels)
        {
            await Eventually.HoldsAsync(
                async () => (await reader.FindWorkflowAsync(parcel, default))!.Status != WorkflowStatus.Running, $"parcel {parcel} ended", TimeSpan.FromMinutes(3));
            var history = (await reader.ReadHistoryAsync(parcel, 0, 200, default)).Select(x => x.Kind).ToList();
            Assert.Equal(WorkflowStatus.Completed, (await reader.FindWorkflowAsync(parcel, default))!.Status);
            Assert.DoesNotContain(HistoryKind.AttemptFailed, history);
            Assert.DoesNotContain(HistoryKind.AttemptTimedOut, history);
            Assert.Single(history, HistoryKind.ActivityCompleted);
        }
    }

    // Each attempt after the first begins where the one before said last that it stood; what it did not come to say may be one step more.
    private static int CountOfCarriedOn(IReadOnlyList<string> output)
    {
        var steps = output.Where(x => x.StartsWith("walk ", StringComparison.Ordinal)).Select(Read).ToList();
        var carriedOn = steps.Where(x => x is { What: "begins", Attempt: > 1 }).ToList();
        foreach (var step in carriedOn)
        {
            var before = steps.Where(x => x.Number == step.Number && x.Attempt == step.Attempt - 1).Select(x => x.At).DefaultIfEmpty(step.At).Max();
            Assert.InRange(step.At, before, before + 1);
        }

        return carriedOn.Count;
    }

    private static Step Read(string line)
    {
        var words = line.Split(' ');
        return new Step(words[1], int.Parse(words[2], CultureInfo.InvariantCulture), words[3], int.Parse(words[4], CultureInfo.InvariantCulture));
    }
}
