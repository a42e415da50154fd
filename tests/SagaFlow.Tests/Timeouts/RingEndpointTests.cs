using SagaFlow.Client.Bus;
using SagaFlow.Contracts;
using SagaFlow.Tests.AspNetCore;
using SagaFlow.Timeouts;
using SagaFlow.Tokens;

namespace SagaFlow.Tests.Timeouts;

/// <summary>Rings that the engine did not sign.</summary>
[Collection(CallbackCollection.Name)]
public sealed class RingEndpointTests(CallbackHost host)
{
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("nobody.AAAA")]
    [InlineData("of the body before")]
    [Trait("Req", "REL-4.6-63")]
    public async Task A_forged_ring_times_nothing_out_and_is_put_aside(string? mac)
    {
        var workflowId = await host.StartAsync();
        var token = await host.TokenAsync(workflowId);
        await host.TellAsync("http", AnswerKind.Started, BadInput.Bytes($$"""{"kind":"started","taskToken":"{{token}}"}"""));
        var activity = await host.ActivityAsync(workflowId);
        var ring = new Ring(workflowId, "Approve-1", 1, activity.Due!.Kind, activity.Due.Version);
        var before = await host.SnapshotAsync(workflowId);
        var aside = host.Logs.Count("A message on sagaflow.timers");

        await host.Get<IRawBus>().SendAsync("sagaflow.timers", Forge(ring, mac), CancellationToken.None);

        await host.Logs.ReachesAsync("A message on sagaflow.timers", aside + 1);
        Assert.StartsWith("forged", (await host.QuarantinedAsync())[0].Reason, StringComparison.Ordinal);
        Assert.Equal(before, await host.SnapshotAsync(workflowId));
        await host.ShouldBeWellAsync();
    }

    private RawMessage Forge(Ring ring, string? mac)
    {
        var genuine = host.Get<InternalMac>().Sign(new RawMessage { Body = (ring with { Version = ring.Version + 1 }).Write() });
        var headers = mac switch
        {
            null => new Dictionary<string, string>(),
            "of the body before" => genuine.Headers,
            _ => new Dictionary<string, string> { ["sagaflow-mac"] = mac },
        };
        return new RawMessage { Body = ring.Write(), Headers = headers.ToDictionary() };
    }
}
