using System.Text;
using SagaFlow.Client.Bus;
using SagaFlow.Contracts;
using SagaFlow.Simulation.Randomness;
using SagaFlow.Storage;
using SagaFlow.Testing;
using SagaFlow.Tokens;

namespace SagaFlow.Simulation.Fuzz;

/// <summary>Sends changed answers through the real door, one by one, and holds each receipt against <see cref="AnswerRules"/>.</summary>
internal sealed class AnswerFuzz(ulong seed)
{
    // Each activity is answered for a while after it has closed, too.
    private const int AnswersPerWorkflow = 200;

    private readonly AnswerMutator _mutator = new(new Rng(seed));
    private long _taken;

    /// <summary>How often each disposition was told.</summary>
    public SortedDictionary<string, long> Told { get; } = new(StringComparer.Ordinal);

    /// <summary>Gives the first answer that was judged wrongly, for a person; <see langword="null"/> when there is none.</summary>
    public async Task<string?> RunAsync(long answers)
    {
        await using var flow = await SagaFlowHarness.StartAsync(x => x.AddWorkflow<FuzzedWorkflow, FuzzInstance>());
        var (workflowId, token) = (Guid.Empty, "");
        for (var i = 0L; i < answers; i++)
        {
            if (i % AnswersPerWorkflow == 0)
            {
                workflowId = (await flow.StartAsync(new FuzzAsked($"F-{i}"))).Id;
                token = TokenOf(flow.Engine, workflowId);
            }

            if (await FindFaultAsync(flow.Engine, token, _mutator.Next(token)) is { } fault)
            {
                return $"answer {i} of seed {seed}: {fault}";
            }
        }

        return null;
    }

    private async Task<string?> FindFaultAsync(HarnessEngine engine, string token, byte[] body)
    {
        var receipt = await engine.Get<AnswerGate>().SendAsync(body);
        Told[receipt.Disposition.ToString()] = Told.GetValueOrDefault(receipt.Disposition.ToString()) + 1;
        var isUnreadable = receipt.Disposition is Disposition.Malformed or Disposition.TooLarge;
        var isRefused = isUnreadable || receipt.Disposition is Disposition.InvalidToken or Disposition.Forbidden;
        if (!isRefused && !AnswerRules.MayBeTaken(body, token))
        {
            return $"taken ({receipt.Disposition}) although it must not be: {Encoding.Latin1.GetString(body)}";
        }

        var aside = await TakeAsideAsync(engine.Get<IQuarantine>(), isUnreadable);
        return aside == (isUnreadable ? 1 : 0) ? null : $"put aside {aside} times and told {receipt.Disposition}: {Encoding.Latin1.GetString(body)}";
    }

    // Emptied each time, so that a million of them need no room.
    private async Task<int> TakeAsideAsync(IQuarantine quarantine, bool isUnreadable)
    {
        if (!isUnreadable && ++_taken % AnswersPerWorkflow != 0)
        {
            return 0;
        }

        var aside = await quarantine.ReadAsync(2, CancellationToken.None);
        foreach (var message in aside)
        {
            await quarantine.RemoveAsync(message.Id, CancellationToken.None);
        }

        return aside.Count;
    }

    private static string TokenOf(HarnessEngine engine, Guid workflowId) => engine.Get<TokenSigner>().Mint(new TokenClaims(
        engine.Get<BusNames>().Prefix, "fuzzed", workflowId, "Work-1", 1, TokenScopes.All, engine.Clock.GetUtcNow().AddYears(1))).Value;
}
