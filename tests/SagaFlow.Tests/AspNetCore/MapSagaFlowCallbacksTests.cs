using System.Net;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using SagaFlow.Client;
using SagaFlow.Client.Bus;
using SagaFlow.Contracts;
using SagaFlow.Tests.Client.Bus;
using SagaFlow.Tests.Contracts;

namespace SagaFlow.Tests.AspNetCore;

/// <summary>Callbacks in a host without an engine, and where they are mapped.</summary>
public sealed class MapSagaFlowCallbacksTests
{
    [Fact]
    [Trait("Req", "E13")]
    public async Task Without_an_engine_in_the_host_an_answer_goes_by_the_bus_and_its_receipt_comes_back()
    {
        await using var server = await CallbackServer.StartAsync(AddClient, (app, _) => app.MapSagaFlowCallbacks());
        var bus = server.Services.GetRequiredService<IBus>();
        var engine = await Inbox.ConnectAsync(bus, TimeProvider.System, "sagaflow.answers");

        var call = server.PostAsync($$"""{"taskToken":"{{WireSamples.Token}}","result": { "by" : "Ann" },"messageId":"m-7"}""");
        var asked = await engine.NextAsync();
        await server.Services.GetRequiredService<IRawBus>().SendAsync(
            asked.ReplyTo!,
            new RawMessage { Body = WireJson.Write(new Receipt(Disposition.StaleAttempt, "late", 2)), CorrelationId = asked.CorrelationId },
            CancellationToken.None);
        using var response = await call;

        Assert.Equal(
            """{"kind":"completed","taskToken":"@","messageId":"m-7","result":{ "by" : "Ann" }}""".Replace("@", WireSamples.Token),
            WireSamples.Text(asked.Body.ToArray()));
        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        Assert.Contains("\"currentAttempt\":2", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Req", "REL-4.6-70")]
    public async Task When_no_engine_gives_a_receipt_the_caller_is_told_to_come_again()
    {
        var time = new ManualTimeProvider();
        await using var server = await CallbackServer.StartAsync(
            services => AddClient(services.AddSingleton<TimeProvider>(time)), (app, _) => app.MapSagaFlowCallbacks());
        var silent = await Inbox.ConnectAsync(server.Services.GetRequiredService<IBus>(), TimeProvider.System, "sagaflow.answers");

        var call = server.PostAsync($$"""{"taskToken":"{{WireSamples.Token}}","result":1}""");
        await silent.NextAsync();
        time.Advance(TimeSpan.FromSeconds(30));
        using var response = await call;

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.NotNull(response.Headers.RetryAfter);
    }

    [Fact]
    [Trait("Req", "REL-4.6-29")]
    public async Task An_answer_that_outgrows_a_message_with_its_token_is_too_large()
    {
        await using var server = await CallbackServer.StartAsync(AddClient, (app, _) => app.MapSagaFlowCallbacks());
        server.Http.DefaultRequestHeaders.Authorization = new("Bearer", WireSamples.Token);

        using var response = await server.PostAsync($$"""{"result":"{{new string('x', WireLimits.BodyBytes - 13)}}"}""");

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Contains("\"disposition\":\"too_large\"", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_prefix_stands_before_every_path()
    {
        await using var server = await CallbackServer.StartAsync(AddClient, (app, _) => app.MapSagaFlowCallbacks("/flow"));

        using var with = await server.PostAsync("", "/flow/activities/complete");
        using var without = await server.PostAsync("", "/activities/complete");

        Assert.Equal(HttpStatusCode.BadRequest, with.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, without.StatusCode);
    }

    [Fact]
    public async Task Mapping_without_engine_and_client_says_what_to_add()
    {
        await using var app = WebApplication.CreateSlimBuilder().Build();

        var exception = Assert.Throws<SagaFlowException>(() => app.MapSagaFlowCallbacks());

        Assert.Contains("AddSagaFlow", exception.Message, StringComparison.Ordinal);
    }

    private static void AddClient(IServiceCollection services) => services.AddSagaFlowClient();
}
