using Microsoft.Extensions.DependencyInjection;
using SagaFlow.Client;
using SagaFlow.Client.Bus;
using SagaFlow.Contracts;
using SagaFlow.Ingress;
using SagaFlow.Testing;
using SagaFlow.Tests.Storage;
using SagaFlow.Tokens;

namespace SagaFlow.Tests.Workflows;

/// <summary>Answers with genuine tokens for what the database does not know, or knows no more.</summary>
public sealed class UnknownAnswerTests
{
    [Theory]
    [Trait("Req", "REL-R1")]
    [Trait("Req", "REL-I6")]
    [InlineData("another workflow", "Review-1", 1, Disposition.UnknownWorkflow)]
    [InlineData("", "Review-2", 1, Disposition.UnknownWorkflow)]
    [InlineData("", "Review-1", 2, Disposition.StaleAttempt)]
    [InlineData("", "Nothing-1", 0, Disposition.UnknownWorkflow)]
    public async Task An_answer_for_what_is_not_known_changes_nothing_and_is_told_so(string workflow, string activity, int attempt, Disposition told)
    {
        await using var flow = await SagaFlowHarness.StartAsync(x => x.AddWorkflow<ReviewWorkflow, ReviewInstance>());
        var review = await flow.StartAsync(new ReviewAsked("d"));
        var workflowId = workflow.Length == 0 ? review.Id : WireIds.Derive(review.Id, workflow);
        var claims = new TokenClaims(
            flow.Engine.Get<BusNames>().Prefix, "review", workflowId, activity, attempt, TokenScopes.All, flow.Now.AddDays(1));
        var token = flow.Engine.Get<TokenSigner>().Mint(claims).Value;
        var before = await EverythingAsync(review);

        foreach (var kind in Enum.GetValues<AnswerKind>())
        {
            var receipt = await flow.AnswerAsync(new ActivityAnswer
            {
                Kind = kind,
                TaskToken = token,
                Result = kind == AnswerKind.Completed ? PayloadJson.Write(1) : null,
                Failure = kind == AnswerKind.Failed ? new ActivityFailure("Odd", "No.") : null,
            });

            Assert.Equal((kind, told), (kind, receipt.Disposition));
        }

        Assert.Equal(before, await EverythingAsync(review));
    }

    [Fact]
    [Trait("Req", "REL-R1")]
    public async Task After_an_older_database_was_put_back_an_answer_of_its_future_is_unknown_and_the_past_goes_on()
    {
        using var folder = new TemporaryFolder();
        Guid order;
        string reserve, ship;
        await using (var host = await EmbeddedHost.StartAsync(folder.File("flow.db")))
        {
            order = (await host.Workflows.StartAsync("order", new OrderPlaced("A-1", "lamp"))).WorkflowId!.Value;
            reserve = (await host.RequestAsync(order, "Reserve")).TaskToken;
        }

        File.Copy(folder.File("flow.db"), folder.File("backup.db"));
        await using (var host = await EmbeddedHost.StartAsync(folder.File("flow.db")))
        {
            await host.Activities.CompleteAsync(reserve, new Reservation("S-1"));
            ship = (await host.RequestAsync(order, "Ship")).TaskToken;
        }

        File.Copy(folder.File("backup.db"), folder.File("flow.db"), overwrite: true);
        await using var restored = await EmbeddedHost.StartAsync(
            folder.File("flow.db"), services => services.AddSingleton(new UnknownAnswerWait(TimeSpan.FromMilliseconds(1))));

        var future = await restored.Activities.CompleteAsync(ship, new Shipment("P-1"));
        var past = await restored.Activities.CompleteAsync(reserve, new Reservation("S-1"));

        Assert.Equal((Disposition.UnknownWorkflow, Disposition.Applied), (future.Disposition, past.Disposition));
    }

    [Fact]
    [Trait("Req", "REL-R1")]
    public async Task An_answer_that_waits_for_its_workflow_when_an_embedded_engine_stops_is_in_quarantine_afterwards()
    {
        using var folder = new TemporaryFolder();
        string token;
        await using (var host = await EmbeddedHost.StartAsync(folder.File("other.db")))
        {
            var order = (await host.Workflows.StartAsync("order", new OrderPlaced("A-1", "lamp"))).WorkflowId!.Value;
            token = (await host.RequestAsync(order, "Reserve")).TaskToken;
        }

        File.Copy(folder.File("other.db.key"), folder.File("flow.db.key"));
        await using (var host = await EmbeddedHost.StartAsync(folder.File("flow.db")))
        {
            var body = System.Text.Encoding.UTF8.GetBytes($$"""{"kind":"completed","taskToken":"{{token}}","result":{"id":"S-1"} }""");
            await host.Get<IRawBus>().SendAsync("sagaflow.answers", new RawMessage { Body = body }, default);
            await Eventually.HoldsAsync(async () => (await host.Get<IMessageQuarantine>().ListAsync()).Count == 1);
        }

        await using var again = await EmbeddedHost.StartAsync(folder.File("flow.db"));
        var aside = Assert.Single(await again.Get<IMessageQuarantine>().ListAsync());

        Assert.StartsWith("unknown_workflow", aside.Reason, StringComparison.Ordinal);
    }

    private static async Task<string> EverythingAsync(WorkflowHandle<ReviewWorkflow, ReviewInstance> review) =>
        $"{await review.DescribeAsync()} {(await review.ActivitiesAsync())[0]} {await review.HistoryAsync()}";
}
