using System.Text.Json;
using System.Text.RegularExpressions;
using SagaFlow.Contracts;
using SagaFlow.Tokens;

namespace SagaFlow.Tests.Contracts;

public sealed partial class WireDocumentationTests
{
    private static readonly string Folder = WireFiles.Folder;

    public static TheoryData<string, string> Messages => new()
    {
        { "request", WireSamples.Text(WireJson.Write(WireSamples.Request)) },
        { "answer", WireSamples.Text(WireJson.Write(WireSamples.Answer)) },
        { "receipt", WireSamples.Text(WireJson.Write(WireSamples.Receipt)) },
        { "cancellation", WireSamples.Text(WireJson.Write(WireSamples.Cancellation)) },
    };

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_schema_has_the_fields_that_are_written_and_no_others(string name, string json)
    {
        var schema = Schema(name);
        var message = JsonElement.Parse(json);

        Assert.Equal(Names(message), Names(schema.GetProperty("properties")));
        foreach (var part in message.EnumerateObject().Where(x => x.Value.ValueKind == JsonValueKind.Object && x.Name is "failure" or "answerTo"))
        {
            Assert.Equal(Names(part.Value), Names(schema.GetProperty("properties").GetProperty(part.Name).GetProperty("properties")));
        }
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_field_that_the_schema_requires_is_one_that_the_reader_requires(string name, string json)
    {
        var required = Schema(name).GetProperty("required").EnumerateArray().Select(x => x.GetString()!).ToHashSet();

        foreach (var field in Names(JsonElement.Parse(json)).Except(["failure"]))
        {
            Assert.Equal(!required.Contains(field), CanRead(name, Without(json, field)));
        }
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void The_page_describes_every_field(string name, string json)
    {
        var page = File.ReadAllText(Path.Combine(Folder, "README.md"));

        Assert.All(Names(JsonElement.Parse(json)), field => Assert.Contains($"| `{field}` |", page, StringComparison.Ordinal));
        Assert.Contains($"**{name}**", page, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Req", "M2")]
    public void Schema_and_page_know_every_disposition_with_its_status()
    {
        var page = File.ReadAllText(Path.Combine(Folder, "README.md"));
        var names = Enum.GetValues<Disposition>().Select(x => x.ToWireName());

        Assert.Equal(names.Order(), EnumOf("receipt", "disposition"));
        Assert.All(Enum.GetValues<Disposition>(),
            x => Assert.Contains($"| `{x.ToWireName()}` | {x.ToHttpStatus()} |", page, StringComparison.Ordinal));
        Assert.Equal(Enum.GetValues<AnswerKind>().Select(x => x.ToWireName()).Order(), EnumOf("answer", "kind"));
    }

    [Fact]
    public void Schemas_have_the_limits_that_the_reader_checks()
    {
        var answer = Schema("answer").GetProperty("properties");

        Assert.Equal(WireLimits.MessageIdLength, answer.GetProperty("messageId").GetProperty("maxLength").GetInt32());
        Assert.Equal(WireLimits.DurationMs, answer.GetProperty("runningForMs").GetProperty("maximum").GetInt64());
        Assert.Equal(TaskToken.MaximumLength, answer.GetProperty("taskToken").GetProperty("maxLength").GetInt32());
        Assert.Equal(WireLimits.NameLength,
            answer.GetProperty("failure").GetProperty("properties").GetProperty("type").GetProperty("maxLength").GetInt32());
    }

    [Theory]
    [InlineData("request", "workflowType", TokenClaims.MaximumWorkflowTypeBytes)]
    [InlineData("request", "activityId", TokenClaims.MaximumActivityIdBytes)]
    [InlineData("request", "activity", TokenClaims.MaximumActivityNameBytes)]
    [InlineData("cancellation", "activityId", TokenClaims.MaximumActivityIdBytes)]
    [InlineData("control", "workflowType", TokenClaims.MaximumWorkflowTypeBytes)]
    [InlineData("control", "businessKey", 255)]
    public void Names_are_as_long_in_the_schemas_as_the_engine_makes_them_and_as_the_page_says(string schema, string field, int longest)
    {
        Assert.Equal(longest, Schema(schema).GetProperty("properties").GetProperty(field).GetProperty("maxLength").GetInt32());
        Assert.Contains($"at most {longest} ", WireFiles.Page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_names_every_code_that_a_reader_or_an_ingress_gives()
    {
        var sources = new[] { "SagaFlow.Contracts", "SagaFlow.Client/Control", "SagaFlow/Ingress" }
            .SelectMany(x => Directory.GetFiles(Path.Combine(Folder, "..", "..", x), "*.cs"))
            .Select(File.ReadAllText);
        var codes = sources.SelectMany(x => Code().Matches(x).Select(code => code.Groups[1].Value)).Distinct().Except(["disposition"]).ToList();

        Assert.True(codes.Count > 20, "The sources are not found.");
        Assert.All(codes, code => Assert.Contains($"`{code}`", WireFiles.Page, StringComparison.Ordinal));
    }

    [Fact]
    public void The_asyncapi_file_refers_to_schemas_that_exist()
    {
        var references = SchemaReference().Matches(File.ReadAllText(Path.Combine(Folder, "asyncapi.yaml")));

        Assert.Equal(
            ["schemas/answer.json", "schemas/cancellation.json", "schemas/control.json", "schemas/receipt.json", "schemas/reply.json", "schemas/request.json"],
            references.Select(x => x.Groups[1].Value).Order());
        Assert.All(references, x => Assert.True(File.Exists(Path.Combine(Folder, x.Groups[1].Value))));
    }

    private static bool CanRead(string name, string json) => name switch
    {
        "request" => WireJson.TryReadRequest(WireSamples.Bytes(json), out _, out _),
        "answer" => WireJson.TryReadAnswer(WireSamples.Bytes(json), out _, out _),
        "cancellation" => WireJson.TryReadCancellation(WireSamples.Bytes(json), out _, out _),
        _ => WireJson.TryReadReceipt(WireSamples.Bytes(json), out _, out _),
    };

    private static string Without(string json, string field) => "{" + string.Join(",", JsonElement.Parse(json).EnumerateObject()
        .Where(x => x.Name != field).Select(x => $"\"{x.Name}\":{x.Value.GetRawText()}")) + "}";

    private static IEnumerable<string?> EnumOf(string name, string field) => Schema(name).GetProperty("properties")
        .GetProperty(field).GetProperty("enum").EnumerateArray().Select(x => x.GetString()).Order();

    private static IEnumerable<string> Names(JsonElement element) => element.EnumerateObject().Select(x => x.Name).Order();

    private static JsonElement Schema(string name) => WireFiles.Schema(name);

    [GeneratedRegex("""(?:Malformed\(|TooLarge\(\s*|Malformed, |TooLarge, |Code = |UnknownWorkflow, [^"]*)"([a-z0-9_]+)"[,) }]""")]
    private static partial Regex Code();

    [GeneratedRegex(@"\$ref: (schemas/\S+)")]
    private static partial Regex SchemaReference();
}
