using System.Text;
using SagaFlow.Simulation.Randomness;

namespace SagaFlow.Simulation.Fuzz;

/// <summary>Makes answers and breaks them: a few changes to bytes that were a good answer.</summary>
internal sealed class AnswerMutator(Rng rng)
{
    private static readonly string[] Fragments =
    [
        "null", "{}", "[]", "[", "]", "{", "}", ",", ":", "\"", "\\", "//", "/**/", "'", "NaN", "-0", "1e400000", "-1", "9223372036854775808", "0.5", "true",
        "\\u0000", "\\ud800", "\\u0022", "\uFEFF", "\0", "\r\n", "\t ", "\"kind\":\"failed\",", "\"taskToken\":\"\",", "\"result\":null,", "\"extra\":[{}],",
        "\"KIND\":\"completed\",", "\"failure\":null,", "\"messageId\":7,", "\"sequence\":\"1\",", "\"attempt\":0,", "=", "sf1.", ".", "completed", "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
    ];

    /// <summary>An answer that could be good, with none to four changes.</summary>
    public byte[] Next(string token)
    {
        var bytes = Encoding.UTF8.GetBytes(Good(token)).ToList();
        for (var i = rng.Below(5); i > 0; i--)
        {
            Change(bytes);
        }

        return [.. bytes];
    }

    private string Good(string token) => rng.Below(7) switch
    {
        0 => $$$"""{"kind":"started","taskToken":"{{{token}}}","runningForMs":250,"claimId":"c-1","attempt":1}""",
        1 => $$$"""{"kind":"heartbeat","taskToken":"{{{token}}}","sequence":{{{rng.Below(100)}}},"checkpoint":{"page":[1,2,{"x":null}]}}""",
        2 => $$$"""{ "taskToken" : "{{{token}}}", "kind" : "completed", "result" : { "n" : 1.50, "s" : "\u00e9" } }""",
        3 => $$$"""{"kind":"completed","taskToken":"{{{token}}}","result":null,"messageId":"0197e2c4-0000-4000-8000-000000000001"}""",
        4 => $$$"""{"kind":"failed","taskToken":"{{{token}}}","failure":{"type":"NoTruck","message":"m","details":"d","retryable":false,"nextRetryDelayMs":5}}""",
        5 => $$$"""{"kind":"released","taskToken":"{{{token}}}","checkpoint":[7]}""",
        _ => $$$"""{"kind":"canceled","taskToken":"{{{token}}}"}""",
    };

    private void Change(List<byte> bytes)
    {
        var at = rng.Below(bytes.Count + 1);
        var length = Math.Min(rng.Below(12), bytes.Count - at);
        switch (rng.Below(8))
        {
            case 0 when at < bytes.Count: bytes[at] ^= (byte)(1 << rng.Below(8)); break;
            case 1 when at < bytes.Count: bytes[at] = (byte)rng.Below(256); break;
            case 2: bytes.RemoveRange(at, length); break;
            case 3: bytes.InsertRange(at, [.. bytes.GetRange(at, length)]); break;
            case 4: bytes.RemoveRange(at, bytes.Count - at); break;
            case 5: bytes.Reverse(at, length); break;
            default: bytes.InsertRange(at, Encoding.UTF8.GetBytes(rng.Pick<string>(Fragments))); break;
        }
    }
}
