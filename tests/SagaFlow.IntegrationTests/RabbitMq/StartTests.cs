using System.Diagnostics;
using System.Text.RegularExpressions;
using SagaFlow.Contracts;

namespace SagaFlow.IntegrationTests.RabbitMq;

/// <summary>What a start says when the broker is not as it should be.</summary>
[Collection(BrokerCollection.Name)]
public sealed class StartTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData("nobody:wrong", "/", "ACCESS_REFUSED")]
    [InlineData("guest:guest", "/no-such-host", "vhost")]
    [Trait("Req", "REL-4.6-67")]
    [Trait("Req", "REL-B13")]
    public async Task A_broker_that_refuses_ends_the_start_with_one_line(string user, string virtualHost, string reason)
    {
        var address = new Uri(TestBroker.Address);
        var began = Stopwatch.GetTimestamp();

        var error = await Assert.ThrowsAsync<SagaFlowException>(
            () => BrokerHost.StartEngineAsync(address: $"amqp://{user}@{address.Authority}{virtualHost}"));

        Assert.True(Stopwatch.GetElapsedTime(began) < Limit, $"It took {Stopwatch.GetElapsedTime(began)}");
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Contains("Check user, password and virtual host", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("http://localhost")]
    [InlineData("amqp://localhost/a/b")]
    [InlineData("")]
    [Trait("Req", "REL-4.6-67")]
    public void An_address_that_is_none_is_refused_at_once(string address)
    {
        var error = Assert.Throws<SagaFlowException>(() => new Client.SagaFlowClientOptions().UseRabbitMq(address));

        Assert.Contains("amqp://", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("read", "PREFIX.timers")]
    [InlineData("write", "PREFIX.cancel")]
    [InlineData("write", "amq.default")]
    [InlineData("configure", "SagaFlow.IntegrationTests.RabbitMq:SendParcel")]
    [InlineData("read", "SagaFlow.IntegrationTests.RabbitMq:SendParcel")]
    [InlineData("read", "SagaFlow.IntegrationTests.RabbitMq:AddNote")]
    [Trait("Req", "REL-B16")]
    public async Task A_missing_right_is_named_with_what_it_is_missing_on(string right, string on)
    {
        var prefix = TestBroker.NewPrefix();
        on = on.Replace("PREFIX", prefix, StringComparison.Ordinal);
        var allBut = $"^(?!{Regex.Escape(on)}$).*$";
        string Of(string one) => one == right ? allBut : ".*";

        var error = await Assert.ThrowsAsync<SagaFlowException>(() => StartAsAsync(prefix, Of("configure"), Of("write"), Of("read")));

        Assert.Contains($"'{on}'", error.Message, StringComparison.Ordinal);
        Assert.Contains("ACCESS_REFUSED", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Req", "REL-B16")]
    public async Task The_rights_that_the_error_names_are_all_that_an_engine_needs()
    {
        var prefix = TestBroker.NewPrefix();
        var named = $"^{prefix}|^SagaFlow\\.IntegrationTests\\.RabbitMq:";

        await using var engine = await StartAsAsync(prefix, named, $"{named}|^amq\\.default$", named, new ShipRuns());

        await engine.ShouldAllCompleteOnceAsync([await engine.StartParcelAsync("P-1", "announced")]);
    }

    [Fact]
    [Trait("Req", "REL-B16")]
    public async Task A_queue_that_somebody_declared_otherwise_is_named()
    {
        var prefix = TestBroker.NewPrefix();
        await using var connection = await TestBroker.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        await channel.QueueDeclareAsync($"{prefix}.control", durable: true, exclusive: false, autoDelete: false);

        var error = await Assert.ThrowsAsync<SagaFlowException>(() => BrokerHost.StartEngineAsync(prefix: prefix));

        Assert.Contains($"'{prefix}.control' declared otherwise", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Req", "REL-B1")]
    public async Task A_broker_that_is_down_is_waited_for()
    {
        await TestBroker.NodeAsync("stop");
        var starting = BrokerHost.StartEngineAsync(new ShipRuns());
        await TestBroker.NodeAsync("start");

        await using var engine = await starting;

        Assert.Contains(engine.Log.All, x => x.Text.StartsWith("The start waits: RabbitMQ at", StringComparison.Ordinal));
        await engine.ShouldAllCompleteOnceAsync([await engine.StartParcelAsync("P-1")]);
    }

    private static async Task<BrokerHost> StartAsAsync(string prefix, string configure, string write, string read, ShipRuns? runs = null)
    {
        await TestBroker.NodeAsync("ctl", "add_user", prefix, "secret");
        await TestBroker.NodeAsync("ctl", "set_permissions", prefix, configure, write, read);
        return await BrokerHost.StartEngineAsync(runs, prefix, address: $"amqp://{prefix}:secret@{new Uri(TestBroker.Address).Authority}/");
    }
}
