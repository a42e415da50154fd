using System.Text.Json;

namespace SagaFlow.Benchmarks.AsyncPath;

/// <summary>What a worker hands to the completer: the token, and where it is answered.</summary>
internal static class Handover
{
    public static byte[] Write(string taskToken, string answers) => System.Text.Encoding.UTF8.GetBytes($$"""{"taskToken":"{{taskToken}}","answers":"{{answers}}"}""");

    public static (string TaskToken, string Answers) Read(byte[] body)
    {
        using var document = JsonDocument.Parse(body);
        return (document.RootElement.GetProperty("taskToken").GetString()!, document.RootElement.GetProperty("answers").GetString()!);
    }
}
