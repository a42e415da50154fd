using System.Buffers.Text;
using System.Text;

namespace SagaFlow.Tests.AspNetCore;

/// <summary>Spoils what is good, as one throw of the dice says.</summary>
internal sealed class HttpFuzz(Random dice)
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    private static readonly string[] Shards =
    [
        "{", "}", "[", "]", ",", ":", "\"", "\\", "null", "NaN", "1e400000", "-0", "\"a\":1,", "/*", "\\u0000", "\\ud800", "\uFEFF", "\0", "'", "../",
        "<script>", "%00", "' or 1=1 --", "\u202e", "é", "🚂", "\"taskToken\":\"x\",", "\"kind\":\"started\",", "9999999999999999999999", "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
    ];

    /// <summary>A token that is not the given one.</summary>
    public string Token(string good)
    {
        var token = dice.Next(10) switch
        {
            0 => Random(dice.Next(0, 400)),
            1 => good[..dice.Next(good.Length)],
            2 => good + Random(dice.Next(1, 40)),
            3 => Spoil(good, dice.Next(1, 4), (_, _) => Letters[dice.Next(Letters.Length)]),
            4 => Spoil(good, dice.Next(1, 4), (c, _) => (char)(c ^ (1 << dice.Next(7)))),
            5 => string.Join('.', good.Split('.').OrderBy(_ => dice.Next())),
            6 => Part(good, dice.Next(1, 4), Random(dice.Next(0, 80))),
            7 => Part(good, dice.Next(2, 4), Flip(good.Split('.')[dice.Next(2, 4)])),
            8 => $"sf1.{Random(dice.Next(1, 17))}.{Random(60)}.{Random(43)}",
            _ => new string([.. Enumerable.Range(0, dice.Next(1, 300)).Select(_ => (char)dice.Next(1, 0xD800))]),
        };
        return token == good ? good + "A" : token;
    }

    /// <summary>A body that is most likely not the given one.</summary>
    public byte[] Body(string good)
    {
        var bytes = Encoding.UTF8.GetBytes(good).ToList();
        for (var i = dice.Next(1, 6); i > 0; i--)
        {
            var at = dice.Next(bytes.Count + 1);
            switch (dice.Next(6))
            {
                case 0: bytes.InsertRange(at, Encoding.UTF8.GetBytes(Shards[dice.Next(Shards.Length)])); break;
                case 1: bytes.RemoveRange(at, dice.Next(bytes.Count - at + 1)); break;
                case 2 when at < bytes.Count: bytes[at] = (byte)dice.Next(256); break;
                case 3: bytes.InsertRange(at, bytes.GetRange(at, dice.Next(bytes.Count - at + 1))); break;
                case 4 when dice.Next(200) == 0: bytes.InsertRange(at, Enumerable.Repeat((byte)' ', 300_000)); break;
                default: bytes.Insert(at, (byte)dice.Next(256)); break;
            }
        }

        return [.. bytes];
    }

    private string Random(int length) => new([.. Enumerable.Range(0, length).Select(_ => Letters[dice.Next(Letters.Length)])]);

    private string Spoil(string text, int times, Func<char, int, char> change)
    {
        var characters = text.ToCharArray();
        for (var i = 0; i < times; i++)
        {
            var at = dice.Next(characters.Length);
            characters[at] = change(characters[at], at);
        }

        return new string(characters);
    }

    private string Flip(string part)
    {
        var bytes = Base64Url.DecodeFromChars(part);
        bytes[dice.Next(bytes.Length)] ^= (byte)(1 << dice.Next(8));
        return Base64Url.EncodeToString(bytes);
    }

    private static string Part(string token, int part, string value)
    {
        var parts = token.Split('.');
        parts[part] = value;
        return string.Join('.', parts);
    }
}
