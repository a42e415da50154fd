namespace SagaFlow.Contracts;

/// <summary>Names the compression of a body that should have been plain. None is taken: a small body could unpack into any size.</summary>
internal static class CompressedBodies
{
    public const string Code = "content_encoding";

    /// <summary>The form that the first bytes show; <see langword="null"/> when they show none.</summary>
    public static string? NameOf(ReadOnlySpan<byte> body) => body switch
    {
        [0x1F, 0x8B, ..] => "gzip",
        [0x28, 0xB5, 0x2F, 0xFD, ..] => "zstd",
        [0x78, 0x01 or 0x5E or 0x9C or 0xDA, ..] => "deflate",
        _ => null,
    };

    /// <summary>Whether a content encoding says that the body is as it should be; some libraries put the character set there.</summary>
    public static bool IsPlain(string? contentEncoding) =>
        string.IsNullOrWhiteSpace(contentEncoding) || contentEncoding.ToUpperInvariant() is "IDENTITY" or "UTF-8" or "UTF8";

    public static string Refusal(string form) => $"The body is compressed ({form}); compressed bodies are not accepted: send it plain";
}
