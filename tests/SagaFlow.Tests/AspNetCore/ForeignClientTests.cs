using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using SagaFlow.Activities;
using SagaFlow.Contracts;

namespace SagaFlow.Tests.AspNetCore;

/// <summary>Another service, with an HTTP client and a token and nothing of ours: what curl would do.</summary>
[Collection(CallbackCollection.Name)]
public sealed class ForeignClientTests(CallbackHost host)
{
    [Fact]
    [Trait("Req", "D3")]
    [Trait("Req", "E13")]
    [Trait("Req", "P9")]
    public async Task Another_service_completes_with_the_token_alone_and_is_told_after_the_commit()
    {
        var workflowId = await host.StartAsync();

        var (status, receipt) = await PostAsync("complete", await host.TokenAsync(workflowId), """{"result":{"by":"Ann"}}""");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("applied", receipt.GetProperty("disposition").GetString());
        Assert.Equal(1, receipt.GetProperty("currentAttempt").GetInt32());
        Assert.False(receipt.GetProperty("cancelRequested").GetBoolean());
        Assert.False(receipt.TryGetProperty("code", out _));
        Assert.Equal("""{"by":"Ann"}""", (await host.WorkflowAsync(workflowId)).Result);
        Assert.False(host.Logs.Contains(await host.TokenAsync(workflowId)));
    }

    [Fact]
    [Trait("Req", "E14")]
    [Trait("Req", "D10")]
    public async Task Another_service_fails_the_activity_and_the_workflow_sees_type_and_message()
    {
        var workflowId = await host.StartAsync();

        var (status, _) = await PostAsync(
            "fail", await host.TokenAsync(workflowId), """{"failure":{"type":"Refused","message":"The desk is closed","retryable":false}}""");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("Refused", (await host.ActivityAsync(workflowId)).Failure!.Type);
        Assert.Contains("The desk is closed", (await host.WorkflowAsync(workflowId)).Failure, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Req", "E11")]
    [Trait("Req", "E15")]
    public async Task One_token_serves_started_heartbeat_and_completion()
    {
        var workflowId = await host.StartAsync();
        var token = await host.TokenAsync(workflowId, "Inspect-1");

        var started = await PostAsync("started", token, """{"runningForMs":250}""");
        var heartbeat = await PostAsync("heartbeat", token, """{"sequence":1,"checkpoint":{"page":7}}""");
        var alive = await host.ActivityAsync(workflowId, "Inspect-1");
        var completed = await PostAsync("complete", token, """{"result":"fine"}""");

        Assert.All([started, heartbeat, completed], x => Assert.Equal("applied", x.Receipt.GetProperty("disposition").GetString()));
        Assert.Equal((ActivityStatus.Started, """{"page":7}"""), (alive.Status, alive.Checkpoint));
        Assert.Equal(ActivityStatus.Completed, (await host.ActivityAsync(workflowId, "Inspect-1")).Status);
    }

    [Fact]
    [Trait("Req", "E15")]
    public async Task Released_opens_the_next_attempt_and_canceled_ends_the_activity()
    {
        var workflowId = await host.StartAsync();

        var released = await PostAsync("released", await host.TokenAsync(workflowId, "Inspect-1"), """{"checkpoint":3}""");
        var canceled = await PostAsync("canceled", await host.TokenAsync(workflowId, "Inspect-1", attempt: 2), "{}");

        Assert.Equal(2, released.Receipt.GetProperty("currentAttempt").GetInt32());
        Assert.Equal("applied", canceled.Receipt.GetProperty("disposition").GetString());
        Assert.Equal(ActivityStatus.Canceled, (await host.ActivityAsync(workflowId, "Inspect-1")).Status);
    }

    [Theory]
    [InlineData(AnswerKind.Completed, "http://host:8080/sagaflow/activities/complete")]
    [InlineData(AnswerKind.Failed, "http://host:8080/sagaflow/activities/fail")]
    public void The_callbacks_address_follows_the_host_and_the_kind(AnswerKind kind, string expected)
    {
        Assert.Equal(expected, SagaFlowCallbackUrl.Of(new Uri("http://host:8080/sagaflow/"), kind).AbsoluteUri);
        Assert.Equal(expected, SagaFlowCallbackUrl.Of(new Uri("http://host:8080/sagaflow"), kind).AbsoluteUri);
    }

    private async Task<(HttpStatusCode Status, JsonElement Receipt)> PostAsync(string verb, string token, string body)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{host.Address}activities/{verb}")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await http.SendAsync(request);
        return (response.StatusCode, JsonElement.Parse(await response.Content.ReadAsStringAsync()));
    }
}
