using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace SagaFlow.Contracts;

/// <summary>The secret that names one attempt of one activity: whoever holds it may answer.</summary>
/// <remarks>
/// This type knows the token's shape only, <c>sf1.&lt;kid&gt;.&lt;claims&gt;.&lt;mac&gt;</c>; whether a token is genuine is
/// decided by the engine that signed it. <see cref="ToString"/> gives a redacted form that is safe to log; only
/// <see cref="Value"/> and the JSON form (a plain string) hold the secret.
/// </remarks>
[JsonConverter(typeof(TaskTokenJsonConverter))]
public sealed record TaskToken
{
    /// <summary>The greatest length of a token, in characters.</summary>
    public const int MaximumLength = 300;

    /// <summary>The greatest length of a key id, in characters.</summary>
    public const int MaximumKeyIdLength = 16;

    internal const string Prefix = "sf1.";

    private readonly int _claimsAt;
    private readonly int _macAt;

    private TaskToken(string value, int claimsAt, int macAt)
    {
        Value = value;
        _claimsAt = claimsAt;
        _macAt = macAt;
    }

    /// <summary>Gets the token itself. It is a key: never log it, never put it into a URL.</summary>
    public string Value { get; }

    /// <summary>Gets the id of the key that the token says it was signed with. It is no secret.</summary>
    public string KeyId => Value[Prefix.Length..(_claimsAt - 1)];

    internal ReadOnlySpan<char> Signed => Value.AsSpan(0, _macAt - 1);

    internal ReadOnlySpan<char> Claims => Value.AsSpan(_claimsAt, _macAt - 1 - _claimsAt);

    internal ReadOnlySpan<char> Mac => Value.AsSpan(_macAt);

    /// <summary>Reads a token, checking its shape only.</summary>
    /// <exception cref="SagaFlowException">The text has not the shape of a task token; the message says why and does not quote it.</exception>
    public static TaskToken Parse(string? value) =>
        TryParse(value, out var token, out var problem)
            ? token
            : throw new SagaFlowException($"Malformed task token: {problem}. Send the token exactly as the request carried it.");

    /// <summary>Reads a token, checking its shape only.</summary>
    /// <param name="value">The text, exactly as the request carried it: no white space, no padding.</param>
    /// <param name="token">The token when the shape is right.</param>
    /// <param name="problem">Why it is not, without quoting the text.</param>
    /// <returns><see langword="true"/> when the text has the shape of a task token.</returns>
    public static bool TryParse(
        string? value, [NotNullWhen(true)] out TaskToken? token, [NotNullWhen(false)] out string? problem)
    {
        token = null;
        problem = FindProblem(value, out var claimsAt, out var macAt);
        if (problem is not null)
        {
            return false;
        }

        token = new TaskToken(value!, claimsAt, macAt);
        return true;
    }

    /// <summary>Returns the redacted form, such as <c>sf1.k1.…[redacted]</c>.</summary>
    public override string ToString() => $"{Prefix}{KeyId}.…[redacted]";

    internal static bool IsKeyId(ReadOnlySpan<char> text) =>
        text.Length is > 0 and <= MaximumKeyIdLength && StrictBase64Url.HasAlphabet(text);

    private static string? FindProblem(string? value, out int claimsAt, out int macAt)
    {
        claimsAt = macAt = 0;
        if (string.IsNullOrWhiteSpace(value))
        {
            return "token missing";
        }

        // The length comes first: nothing below, least of all decoding, ever sees an oversized text.
        if (value.Length > MaximumLength)
        {
            return $"token longer than {MaximumLength} characters";
        }

        if (!value.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return $"token of an unknown version, '{Prefix}' expected";
        }

        claimsAt = value.IndexOf('.', Prefix.Length) + 1;
        macAt = claimsAt == 0 ? 0 : value.IndexOf('.', claimsAt) + 1;
        return macAt == 0 ? "token incomplete, four parts expected" : FindPartProblem(value, claimsAt, macAt);
    }

    private static string? FindPartProblem(string value, int claimsAt, int macAt)
    {
        if (!IsKeyId(value.AsSpan(Prefix.Length, claimsAt - 1 - Prefix.Length)))
        {
            return $"the token's key id is not 1 to {MaximumKeyIdLength} characters of [a-zA-Z0-9_-]";
        }

        // A fifth part fails here too: a dot is no character of base64url.
        return StrictBase64Url.IsCanonical(value.AsSpan(claimsAt, macAt - 1 - claimsAt))
            && StrictBase64Url.IsCanonical(value.AsSpan(macAt))
            ? null
            : "a part of the token is not base64url without padding";
    }
}
