using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;
using SagaFlow.Contracts;

namespace SagaFlow.Tokens;

/// <summary>The claims' bytes, as laid out in <c>wire/README.md</c>. Every claim has exactly one spelling.</summary>
internal static class TokenClaimsCodec
{
    public const byte Version = 1;

    // version, scopes, attempt, expiry, workflow id
    private const int FixedBytes = 1 + 1 + 4 + 5 + 16;

    // The last second that DateTimeOffset knows (the end of the year 9999), which fits the five bytes.
    private static readonly long MaximumExpirySeconds = DateTimeOffset.MaxValue.ToUnixTimeSeconds();

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static byte[] Encode(TokenClaims claims)
    {
        Check(claims);
        var bytes = new List<byte>(FixedBytes + 64) { Version, (byte)claims.Scopes };
        Span<byte> number = stackalloc byte[8];
        BinaryPrimitives.WriteInt32BigEndian(number, claims.Attempt);
        bytes.AddRange(number[..4]);
        BinaryPrimitives.WriteInt64BigEndian(number, ToSeconds(claims.ExpiresAt));
        bytes.AddRange(number[3..]);
        bytes.AddRange(claims.WorkflowId.ToByteArray(bigEndian: true));
        AddText(bytes, claims.Deployment);
        AddText(bytes, claims.WorkflowType);
        bytes.AddRange(StrictUtf8.GetBytes(claims.ActivityId));
        return [.. bytes];
    }

    public static bool TryDecode(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out TokenClaims? claims)
    {
        claims = null;
        if (bytes.Length < FixedBytes || bytes[0] != Version)
        {
            return false;
        }

        var scopes = (TokenScopes)bytes[1];
        var attempt = BinaryPrimitives.ReadInt32BigEndian(bytes[2..]);
        var seconds = ((long)bytes[6] << 32) | BinaryPrimitives.ReadUInt32BigEndian(bytes[7..]);
        var workflowId = new Guid(bytes.Slice(11, 16), bigEndian: true);
        var rest = bytes[FixedBytes..];
        if (attempt < 0 || scopes == TokenScopes.None || (scopes & ~TokenScopes.All) != 0 || seconds > MaximumExpirySeconds
            || !TryTakeText(ref rest, TokenClaims.MaximumDeploymentBytes, out var deployment)
            || !TryTakeText(ref rest, TokenClaims.MaximumWorkflowTypeBytes, out var workflowType)
            || !TryReadText(rest, TokenClaims.MaximumActivityIdBytes, out var activityId))
        {
            return false;
        }

        claims = new TokenClaims(
            deployment, workflowType, workflowId, activityId, attempt, scopes, DateTimeOffset.FromUnixTimeSeconds(seconds));
        return true;
    }

    private static void Check(TokenClaims claims)
    {
        CheckText("Deployment", claims.Deployment, TokenClaims.MaximumDeploymentBytes);
        CheckText("Workflow type", claims.WorkflowType, TokenClaims.MaximumWorkflowTypeBytes);
        CheckText("Activity id", claims.ActivityId, TokenClaims.MaximumActivityIdBytes);
        ArgumentOutOfRangeException.ThrowIfNegative(claims.Attempt);
        ArgumentOutOfRangeException.ThrowIfEqual((byte)claims.Scopes, (byte)TokenScopes.None);
        ArgumentOutOfRangeException.ThrowIfNotEqual((byte)(claims.Scopes & ~TokenScopes.All), (byte)TokenScopes.None);
        ArgumentOutOfRangeException.ThrowIfLessThan(claims.ExpiresAt, DateTimeOffset.UnixEpoch);
    }

    private static void CheckText(string what, string text, int maximumBytes)
    {
        var bytes = StrictUtf8.GetByteCount(text);
        if (bytes == 0 || bytes > maximumBytes)
        {
            throw new SagaFlowException(
                $"{what} '{text}' is {bytes} bytes long; a task token has room for 1 to {maximumBytes}. Choose a shorter name.");
        }
    }

    // Rounded up: a token never expires before the instant it was given.
    private static long ToSeconds(DateTimeOffset instant)
    {
        var seconds = instant.ToUnixTimeSeconds();
        return Math.Min(instant.UtcTicks % TimeSpan.TicksPerSecond == 0 ? seconds : seconds + 1, MaximumExpirySeconds);
    }

    private static void AddText(List<byte> bytes, string text)
    {
        bytes.Add((byte)StrictUtf8.GetByteCount(text));
        bytes.AddRange(StrictUtf8.GetBytes(text));
    }

    private static bool TryTakeText(ref ReadOnlySpan<byte> rest, int maximumBytes, [NotNullWhen(true)] out string? text)
    {
        text = null;
        if (rest.IsEmpty || rest.Length - 1 < rest[0])
        {
            return false;
        }

        var bytes = rest.Slice(1, rest[0]);
        rest = rest[(1 + bytes.Length)..];
        return TryReadText(bytes, maximumBytes, out text);
    }

    private static bool TryReadText(ReadOnlySpan<byte> bytes, int maximumBytes, [NotNullWhen(true)] out string? text)
    {
        var isText = !bytes.IsEmpty && bytes.Length <= maximumBytes && Utf8.IsValid(bytes);
        text = isText ? Encoding.UTF8.GetString(bytes) : null;
        return isText;
    }
}
