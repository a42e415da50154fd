using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using SagaFlow.Contracts;

namespace SagaFlow.Tests.AspNetCore;

/// <summary>The document that describes the endpoints, beside the endpoints.</summary>
[Collection(CallbackCollection.Name)]
public sealed class OpenApiTests(CallbackHost host)
{
    [Fact]
    public async Task The_document_describes_each_path_that_is_mapped_and_no_other()
    {
        var document = await ReadAsync();

        var described = document.GetProperty("paths").EnumerateObject().Select(x => x.Name).Order(StringComparer.Ordinal);

        var mapped = host.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Select(x => "/" + x.RoutePattern.RawText!.TrimStart('/'))
            .Where(x => !x.StartsWith("/openapi/", StringComparison.Ordinal));
        Assert.Equal(mapped.Distinct().Order(StringComparer.Ordinal), described);
    }

    [Fact]
    public async Task Each_described_operation_is_taken_and_each_method_that_is_not_is_refused()
    {
        var document = await ReadAsync();

        foreach (var path in document.GetProperty("paths").EnumerateObject())
        {
            foreach (var method in new[] { "GET", "POST", "PUT", "PATCH", "DELETE" })
            {
                var (status, body) = await host.CallAsync(method, path.Name.Replace("{workflow}", Guid.Empty.ToString()));
                var isDescribed = path.Value.TryGetProperty(method.ToLowerInvariant(), out _);
                Assert.True(isDescribed == (status != 405), $"{method} {path.Name}: {status} {body}");
            }
        }
    }

    [Fact]
    public async Task The_document_lists_every_disposition_and_resolves_its_own_references()
    {
        var document = await ReadAsync();
        var text = document.GetRawText();

        var listed = document.GetProperty("components").GetProperty("schemas").GetProperty("Receipt").GetProperty("properties")
            .GetProperty("disposition").GetProperty("enum").EnumerateArray().Select(x => x.GetString());
        var references = text.Split("\"$ref\":\"#/").Skip(1).Select(x => x[..x.IndexOf('"', StringComparison.Ordinal)].Split('/'));

        Assert.Equal(Enum.GetValues<Disposition>().Select(x => x.ToWireName()).Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
        Assert.All(references, path => Assert.Equal(JsonValueKind.Object, path.Aggregate(document, (node, name) => node.GetProperty(name)).ValueKind));
    }

    private async Task<JsonElement> ReadAsync() => (await host.CallAsync("GET", "/openapi/sagaflow.json", apiKey: null)).Body;
}
