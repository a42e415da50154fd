using System.Security.Cryptography;
using SagaFlow.Activities;
using SagaFlow.Simulation.Workload;
using SagaFlow.Storage;
using SagaFlow.Tokens;

namespace SagaFlow.Simulation.Worlds;

/// <summary>The real minter and the real verifier, for those workflows whose answers carry real tokens, and for all bad ones.</summary>
internal static class TokenDesk
{
    private const string Deployment = "simulation";
    private const string WorkflowType = "program";

    private static readonly KeyRing Keys = new(new SigningKey("k1", SHA256.HashData("simulation"u8)));
    private static readonly TokenSigner Signer = new(Keys);
    private static readonly TaskTokenMinter Minter = new(Signer, Deployment);
    private static readonly TokenVerifier Verifier = new(Keys, Deployment);

    public static string Mint(ActivityState state) => Minter.Mint(new ActivityRecord(state, 1, WorkflowType)).Value;

    /// <summary>A token that this deployment signed, for an activity that does not exist.</summary>
    public static string Foreign(ActivityState state) => Mint(state with { Id = "Work-9999999" });

    /// <summary>A token that allows signs of life alone.</summary>
    public static string Weak(ActivityState state) => Signer.Mint(new TokenClaims(
        Deployment, WorkflowType, state.WorkflowId, state.Id, state.Attempt, TokenScopes.Started | TokenScopes.Heartbeat,
        Spans.Epoch.AddDays(400))).Value;

    /// <summary>The same token with one letter of its signature changed.</summary>
    public static string Tamper(string token)
    {
        var at = token.LastIndexOf('.') + 3;
        return string.Concat(token.AsSpan(0, at), token[at] == 'A' ? "B" : "A", token.AsSpan(at + 1));
    }

    public static TokenVerdict Verify(string token, DateTimeOffset now) => Verifier.Verify(token, now);
}
