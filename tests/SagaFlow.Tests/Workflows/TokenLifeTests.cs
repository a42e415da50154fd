using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using SagaFlow.Client.Bus;
using SagaFlow.Contracts;
using SagaFlow.Diagnostics;
using SagaFlow.Hosting;
using SagaFlow.Ingress;
using SagaFlow.Storage;
using SagaFlow.Testing;
using SagaFlow.Tokens;
using SagaFlow.Workflows;

namespace SagaFlow.Tests.Workflows;

/// <summary>What a token is worth once its key, its time or its bytes have changed.</summary>
public sealed class TokenLifeTests
{
    private static readonly SigningKey Old = new("old", Secret(1));
    private static readonly SigningKey New = new("new", Secret(2));

    [Fact]
    [Trait("Req", "M1")]
    public async Task A_rotated_key_still_verifies_and_a_revoked_one_does_not()
    {
        var ring = new KeyRing(Old);
        await using var flow = await SagaFlowHarness.StartAsync(x => With(x, ring));
        var rotated = ring.RotateTo(New);
        await flow.StartAsync(new LetterPosted("L-1"));
        await flow.StartAsync(new LetterPosted("L-2"));

        await using var after = await flow.RestartAsync(x => With(x, rotated));
        var accepted = await after.Workflow("L-1").Activity("Deliver").CompleteAsync("ok");
        await using var revoked = await after.RestartAsync(x => With(x, rotated.Without("old")));
        var refused = await revoked.Workflow("L-2").Activity("Track").CompleteAsync("ok");

        Assert.Equal(Disposition.Applied, accepted.Disposition);
        Assert.Equal(Disposition.InvalidToken, refused.Disposition);
        await revoked.Workflow("L-2").ShouldBeInAsync(x => x.Delivering);
    }

    [Fact]
    [Trait("Req", "M1")]
    public async Task An_attempt_whose_key_was_revoked_takes_no_answer_and_is_replaced_when_its_time_is_over()
    {
        await using var flow = await SagaFlowHarness.StartAsync(x => With(x, new KeyRing(Old)));
        await flow.StartAsync(new LetterPosted("L-1") { StartToCloseSeconds = 3_600 });
        await flow.Workflow("L-1").Activity("Deliver").StartedAsync();
        await using var revoked = await flow.RestartAsync(x => With(x, new KeyRing(New)));
        var letter = revoked.Workflow("L-1");

        var refused = await letter.Activity("Deliver").CompleteAsync("too late");
        await revoked.AdvanceAsync(TimeSpan.FromHours(1) + TimeSpan.FromMinutes(1.2));
        var second = letter.Activity("Deliver").Attempt(2);
        var accepted = await second.CompleteAsync("ok");

        Assert.Equal(Disposition.InvalidToken, refused.Disposition);
        Assert.StartsWith("sf1.new.", second.Token, StringComparison.Ordinal);
        Assert.Equal(Disposition.Applied, accepted.Disposition);
        Assert.Equal("ok", await letter.ShouldBeCompletedAsync<string>());
    }

    [Fact]
    [Trait("Req", "M1")]
    public async Task An_expired_token_is_told_what_became_of_its_activity()
    {
        await using var flow = await SagaFlowHarness.StartAsync(x => With(x, new KeyRing(Old)));
        var letter = await flow.StartAsync(new LetterPosted("L-1") { DeliverBy = flow.Now.AddMinutes(3) });
        var token = letter.Activity("Deliver").Token;
        await flow.AdvanceAsync(TimeSpan.FromDays(40));
        Assert.True(flow.Engine.Get<TokenVerifier>().Verify(token, flow.Now).Expired);

        var known = await letter.Activity("Deliver").CompleteAsync("ok");
        var unknown = await flow.AnswerAsync(Completed(flow.Engine.Get<TokenSigner>().Mint(Claims(flow)).Value));

        Assert.Equal(Disposition.TimedOut, known.Disposition);
        Assert.Equal(Disposition.UnknownWorkflow, unknown.Disposition);
    }

    [Fact]
    [Trait("Req", "M1")]
    [Trait("Req", "P4")]
    public async Task One_flipped_bit_is_refused_before_anything_is_read_from_the_database()
    {
        var store = new CountingStore();
        await using var flow = await SagaFlowHarness.StartAsync(x => With(x, new KeyRing(Old)));
        var letter = await flow.StartAsync(new LetterPosted("L-1"));
        var token = letter.Activity("Deliver").Token;
        var dot = token.LastIndexOf('.');
        var forged = string.Concat(token.AsSpan(0, dot - 1), token[dot - 1] == 'A' ? "B" : "A", token.AsSpan(dot));
        var ingress = IngressOn(store, flow);

        var refused = await ingress.AcceptAsync(Completed(forged), CancellationToken.None);
        var readForForgery = store.Reads;
        await ingress.AcceptAsync(Completed(token), CancellationToken.None);

        Assert.Equal(Disposition.InvalidToken, refused.Disposition);
        Assert.Equal((0, 1), (readForForgery, store.Reads));
    }

    private static ActivityAnswer Completed(string token) =>
        new() { Kind = AnswerKind.Completed, TaskToken = token, Result = RawJson.Parse("1") };

    private static AnswerIngress IngressOn(IWorkflowStore store, SagaFlowHarness flow)
    {
        var runner = new TurnRunner(
            store, new KeyLocks(), flow.Engine.Get<TurnServices>(), flow.Engine.Clock, [], NullLogger<TurnRunner>.Instance);
        var registry = flow.Engine.Get<WorkflowRegistry>();
        return new AnswerIngress(
            flow.Engine.Get<TokenVerifier>(),
            new WorkflowEngine(runner, registry, new EngineLimits(), flow.Engine.Get<IRandomSource>()),
            registry,
            flow.Engine.Get<UnheardHeartbeats>(),
            flow.Engine.Clock,
            flow.Engine.Get<EngineMetrics>(),
            NullLogger<AnswerIngress>.Instance);
    }

    private static TokenClaims Claims(SagaFlowHarness flow) => new(
        flow.Engine.Get<BusNames>().Prefix, "courier", Guid.Empty, "Deliver-1", 1, TokenScopes.All, flow.Now.AddDays(-1));

    private static SagaFlowHarnessBuilder<CourierWorkflow, CourierInstance> With(SagaFlowHarnessBuilder builder, KeyRing ring) => builder
        .AddWorkflow<CourierWorkflow, CourierInstance>()
        .ConfigureServices(services => services.AddSingleton(ring));

    private static byte[] Secret(byte seed) => [.. Enumerable.Range(seed, 32).Select(x => (byte)x)];

    /// <summary>An empty database that counts how often it is read.</summary>
    private sealed class CountingStore : IWorkflowStore
    {
        public int Reads { get; private set; }

        public Task<IReadOnlyList<Loaded>> LoadAsync(IReadOnlyList<LoadKey> keys, CancellationToken cancellationToken)
        {
            Reads++;
            return Task.FromResult<IReadOnlyList<Loaded>>([.. keys.Select(x => new Loaded(x))]);
        }

        public Task<IReadOnlyList<CommitResult>> CommitAsync(IReadOnlyList<ChangeSet> changeSets, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("There is nothing to commit.");

        public Task<CommitResult> RunLockedAsync(LoadKey key, Func<Loaded, Task<ChangeSet?>> decide, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("There is nothing to lock.");
    }
}
