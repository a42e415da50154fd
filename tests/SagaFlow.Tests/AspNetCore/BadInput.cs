using System.Text;
using SagaFlow.Contracts;

namespace SagaFlow.Tests.AspNetCore;

/// <summary>A body that cannot be read, and what is to be said about it.</summary>
/// <param name="Body">Makes the body, around a genuine token.</param>
internal sealed record BadInput(AnswerKind Kind, Func<string, byte[]> Body, string Code, Disposition Disposition = Disposition.Malformed)
{
    public static IReadOnlyDictionary<string, BadInput> All { get; } = Tokens().Concat(Json()).Concat(Fields()).Concat(Sizes()).ToDictionary();

    private static IEnumerable<KeyValuePair<string, BadInput>> Tokens() =>
    [
        Row("1 no token", "token_missing", """{"kind":"completed","result":1}"""),
        Row("1 null token", "token_missing", """{"kind":"completed","taskToken":null,"result":1}"""),
        Row("2 empty token", "token_missing", WithToken(_ => "")),
        Row("2 white space for a token", "token_missing", WithToken(_ => "  \\t ")),
        Row("3 a token of 200,000 characters", "token", WithToken(x => x + new string('A', 200_000))),
        Row("3 a token of 301 characters", "token", WithToken(x => x + new string('A', 301 - x.Length))),
        Row("4 a token that is no base64url", "token", WithToken(x => x[..^1] + "*")),
        Row("4 a padded token", "token", WithToken(x => x + "=")),
        Row("4 a token in the standard alphabet", "token", WithToken(x => x[..^4] + "+/AA")),
        Row("4 a token with a space before it", "token", WithToken(x => " " + x)),
        Row("5 unused bits set at the token's end", "token", WithToken(SetUnusedBit)),
        Row("6 an older version", "token", WithToken(x => "sf0." + x[4..])),
        Row("6 a newer version", "token", WithToken(x => "sf2." + x[4..])),
        Row("6 a key id that is a path", "token", WithToken(x => "sf1.../../x" + x[x.LastIndexOf('.')..])),
    ];

    private static IEnumerable<KeyValuePair<string, BadInput>> Json() =>
    [
        Row("24 an empty body", "body_missing", ""),
        Row("24 white space", "body_missing", " \r\n\t"),
        Row("24 null", "body_missing", "null"),
        Row("24 no result", "field_missing", """{"taskToken":"@","kind":"completed"}"""),
        Row("25 text", "json", "hello"),
        Row("25 a truncated body", "json", """{"taskToken":"@","kind":"completed","result":{"a":1}"""),
        Row("25 garbage behind the body", "json", """{"taskToken":"@","kind":"completed","result":1} x"""),
        Row("25 two bodies", "json", """{"taskToken":"@","kind":"completed","result":1}{}"""),
        Row("26 a comment", "json", """{"taskToken":"@","kind":"completed",/* hm */"result":1}"""),
        Row("26 a trailing comma", "json", """{"taskToken":"@","kind":"completed","result":1,}"""),
        Row("26 NaN", "json", """{"taskToken":"@","kind":"completed","result":NaN}"""),
        Row("26 Infinity", "json", """{"taskToken":"@","kind":"completed","result":-Infinity}"""),
        Row("26 single quotes", "json", """{'taskToken':'@','kind':'completed','result':1}"""),
        Row("27 a field twice", "json_duplicate_key", """{"taskToken":"@","kind":"completed","result":1,"result":2}"""),
        Row("27 a token for a field, twice", "json_duplicate_key", """{"taskToken":"@","@":1,"@":1}"""),
        Row("28 33 levels", "json", $$"""{"taskToken":"@","kind":"completed","result":{{new string('[', 32)}}{{new string(']', 32)}}}"""),
        Row("28 100,000 levels", "json", $$"""{"taskToken":"@","kind":"completed","result":{{new string('[', 100_000)}}{{new string(']', 100_000)}}}"""),
        Row("33 a byte that is no UTF-8", "utf8", Raw([0xFF])),
        Row("33 an overlong form", "utf8", Raw([0xC0, 0xAF])),
        Row("33 UTF-16", "utf8", x => Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes(Completed(x))).ToArray()),
    ];

    private static IEnumerable<KeyValuePair<string, BadInput>> Fields() =>
    [
        Row("34 NUL in an id", "nul_not_allowed", """{"taskToken":"@","kind":"completed","result":1,"messageId":"a\u0000"}"""),
        Row("34 NUL in a name", "nul_not_allowed", """{"taskToken":"@","kind":"failed","failure":{"type":"a\u0000","message":"m"}}""", AnswerKind.Failed),
        Row("35 half a surrogate pair in a field", "text", """{"taskToken":"@","kind":"completed","result":1,"messageId":"\ud800"}"""),
        Row("35 1e400000 in a field", "type", """{"taskToken":"@","kind":"heartbeat","sequence":1e400000}""", AnswerKind.Heartbeat),
        Row("35 400 digits in a field", "type", $$"""{"taskToken":"@","kind":"heartbeat","sequence":{{new string('9', 400)}}}""", AnswerKind.Heartbeat),
        Row("37 a token that is a number", "type", """{"taskToken":1,"kind":"completed","result":1}"""),
        Row("37 a failure that is text", "type", """{"taskToken":"@","kind":"failed","failure":"no"}""", AnswerKind.Failed),
        Row("37 a list for a body", "type", """["@"]"""),
        Row("37 a flag that is text", "type", """{"taskToken":"@","kind":"failed","failure":{"type":"t","message":"m","retryable":"no"}}""", AnswerKind.Failed),
        Row("37 a negative duration", "range", """{"taskToken":"@","kind":"started","runningForMs":-1}""", AnswerKind.Started),
        Row("37 an unknown kind", "kind", """{"taskToken":"@","kind":"finished","result":1}"""),
    ];

    private static IEnumerable<KeyValuePair<string, BadInput>> Sizes() =>
    [
        Row("23 a checkpoint above 16 KiB", "checkpoint_too_large",
            $$"""{"taskToken":"@","kind":"heartbeat","checkpoint":"{{new string('x', 16_383)}}"}""", AnswerKind.Heartbeat, Disposition.TooLarge),
        Row("29 256 KiB and a byte", "too_large", x => Padded(x, WireLimits.BodyBytes + 1), Disposition.TooLarge),
        Row("29 2 MiB", "too_large", x => Padded(x, 2 * 1024 * 1024), Disposition.TooLarge),
        Row("65 an error text above the body's cap", "too_large",
            """{"taskToken":"@","kind":"failed","failure":{"type":"t","message":"e"}}""".Replace("\"e\"", $"\"{new string('e', WireLimits.BodyBytes)}\""),
            AnswerKind.Failed, Disposition.TooLarge),
    ];

    /// <summary>A good answer of exactly this many bytes.</summary>
    public static byte[] Padded(string token, int size)
    {
        var start = $$"""{"taskToken":"{{token}}","kind":"completed","result":"x""";
        return Bytes(start + new string('x', size - start.Length - 2) + "\"}");
    }

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static KeyValuePair<string, BadInput> Row(
        string name, string code, string body, AnswerKind kind = AnswerKind.Completed, Disposition disposition = Disposition.Malformed) =>
        new(name, new BadInput(kind, token => Bytes(body.Replace("@", token)), code, disposition));

    private static KeyValuePair<string, BadInput> Row(
        string name, string code, Func<string, byte[]> body, Disposition disposition = Disposition.Malformed) =>
        new(name, new BadInput(AnswerKind.Completed, body, code, disposition));

    private static Func<string, byte[]> WithToken(Func<string, string> change) => token => Bytes(Completed(change(token)));

    private static Func<string, byte[]> Raw(byte[] bytes) => token =>
        [.. Bytes($$"""{"taskToken":"{{token}}","kind":"completed","result":" """), .. bytes, .. "\"}"u8];

    private static string Completed(string token) => $$"""{"taskToken":"{{token}}","kind":"completed","result":1}""";

    // The signature's 32 bytes end in a character two of whose bits belong to nothing.
    private static string SetUnusedBit(string token)
    {
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        return token[..^1] + Alphabet[Alphabet.IndexOf(token[^1]) | 1];
    }
}
