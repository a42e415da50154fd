using System.Text.Json.Nodes;

namespace SagaFlow.AspNetCore.OpenApi;

/// <summary>The description of the endpoints, kept by hand in <c>openapi.json</c>; a test compares it with what is mapped.</summary>
internal static class OpenApiDocument
{
    private const string Resource = "SagaFlow.AspNetCore.OpenApi.openapi.json";

    public static byte[] Read(string prefix)
    {
        using var stream = typeof(OpenApiDocument).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"{Resource} is not in the assembly.");
        var document = JsonNode.Parse(stream)!.AsObject();
        document["servers"] = new JsonArray(new JsonObject { ["url"] = prefix.Length == 0 ? "/" : prefix });
        return System.Text.Encoding.UTF8.GetBytes(document.ToJsonString());
    }
}
