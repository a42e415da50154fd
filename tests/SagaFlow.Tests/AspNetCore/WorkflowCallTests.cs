using System.Text.Json;
using SagaFlow.Contracts;

namespace SagaFlow.Tests.AspNetCore;

/// <summary>Starting, signalling, cancelling and querying workflows over HTTP.</summary>
[Collection(CallbackCollection.Name)]
public sealed class WorkflowCallTests(CallbackHost host)
{
    [Fact]
    [Trait("Req", "M8")]
    [Trait("Req", "P9")]
    [Trait("Req", "D16")]
    public async Task A_workflow_is_started_answered_and_read_with_its_history_and_activities()
    {
        var (started, receipt) = await host.CallAsync("POST", "/workflows/permit", """{"number":"W-1"}""");
        var id = receipt.GetProperty("workflowId").GetGuid();

        var running = await host.CallAsync("GET", $"/workflows/{id}");
        await host.PostAsync(AnswerKind.Completed, """{"result":{ "by" :"Ann"}}"""u8.ToArray(), await host.TokenAsync(id));
        var result = await host.CallAsync("GET", $"/workflows/{id}/result?waitMs=1000");
        var history = await host.CallAsync("GET", $"/workflows/{id}/history?limit=2");
        var after = history.Body.GetProperty("history")[1].GetProperty("sequence").GetInt64();
        var more = await host.CallAsync("GET", $"/workflows/{id}/history?after={after}");
        var activities = await host.CallAsync("GET", $"/workflows/{id}/activities");

        Assert.Equal((200, "applied"), (started, receipt.Text("disposition")));
        Assert.Equal((200, "Running", "W-1"), (running.Status, running.Body.GetProperty("workflow").Text("status"), running.Body.GetProperty("workflow").Text("businessKey")));
        Assert.Equal("Ann", result.Body.GetProperty("workflow").GetProperty("result").Text("by"));
        Assert.Equal("""{ "by" :"Ann"}""", activities.Body.GetProperty("activities")[0].GetProperty("result").GetRawText());
        Assert.Equal(2, history.Body.GetProperty("history").GetArrayLength());
        Assert.All(more.Body.GetProperty("history").EnumerateArray(), x => Assert.True(x.GetProperty("sequence").GetInt64() > after));
        Assert.Contains("\"W-1\"", history.Body.GetRawText() + more.Body.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(["Approve-1", "Inspect-1"], activities.Body.GetProperty("activities").EnumerateArray().Select(x => x.Text("id")));
        Assert.Equal("Completed", activities.Body.GetProperty("activities")[0].Text("status"));
    }

    [Fact]
    [Trait("Req", "REL-4.6-42")]
    [Trait("Req", "REL-C11")]
    public async Task A_repeated_start_is_a_duplicate_and_one_with_other_input_a_conflict_with_the_id()
    {
        var first = await host.CallAsync("POST", "/workflows/permit", """{"number":"W-2"}""");
        var id = first.Body.Text("workflowId");

        var same = await host.CallAsync("POST", "/workflows/permit", """{"number":"W-2"}""", idempotencyKey: "again");
        var other = await host.CallAsync("POST", "/workflows/permit", """{"number":"W-2","limitMinutes":5}""");

        Assert.Equal((200, "duplicate", id), (same.Status, same.Body.Text("disposition"), same.Body.Text("workflowId")));
        Assert.Equal((409, "duplicate_conflict", id), (other.Status, other.Body.Text("code"), other.Body.Text("workflowId")));
    }

    [Fact]
    [Trait("Req", "REL-4.6-39")]
    public async Task Business_keys_that_differ_in_case_or_in_spaces_inside_are_different_keys()
    {
        var lower = await host.CallAsync("POST", "/workflows/permit", """{"number":"straße 1"}""");
        var upper = await host.CallAsync("POST", "/workflows/permit", """{"number":"Straße 1"}""");
        var spaced = await host.CallAsync("POST", "/workflows/permit", """{"number":"straße  1"}""");

        Assert.Equal(3, new[] { lower, upper, spaced }.Select(x => x.Body.Text("workflowId")).Distinct().Count());
    }

    [Fact]
    [Trait("Req", "D16")]
    public async Task The_history_shows_each_activity_with_its_arguments_and_its_result_or_failure()
    {
        var (_, receipt) = await host.CallAsync("POST", "/workflows/permit", """{"number":"W-16"}""");
        var id = receipt.GetProperty("workflowId").GetGuid();
        await host.PostAsync(AnswerKind.Completed, """{"result":"seen"}"""u8.ToArray(), await host.TokenAsync(id, "Inspect-1"));
        await host.PostAsync(AnswerKind.Failed, """{"failure":{"type":"Refused","message":"closed","retryable":false}}"""u8.ToArray(), await host.TokenAsync(id));

        var history = (await host.CallAsync("GET", $"/workflows/{id}/history?limit=200")).Body.GetProperty("history").EnumerateArray().ToList();

        var scheduled = history.Where(x => x.Text("kind") == "ActivityScheduled").Select(x => (x.Text("activityId"), x.GetProperty("data").Text("arguments")));
        Assert.Equal([("Approve-1", "W-16"), ("Inspect-1", "W-16")], scheduled);
        Assert.Equal("seen", Of("ActivityCompleted", "Inspect-1").Text("result"));
        Assert.Equal("closed", Of("ActivityFailed", "Approve-1").GetProperty("failure").Text("message"));

        JsonElement Of(string kind, string activity) => history.Single(x => x.Text("kind") == kind && x.Text("activityId") == activity).GetProperty("data");
    }

    [Theory]
    [InlineData("permits", """{"number":"W-3"}""", 404, "unknown_workflow", "unknown_workflow_type")]
    [InlineData("permit", """{"number":7}""", 422, "malformed", "schema")]
    [InlineData("permit", """{"number":{"a":1}}""", 422, "malformed", "schema")]
    [InlineData("permit", """{"number":""}""", 400, "malformed", "business_key")]
    [InlineData("permit", """{"number":" W-3"}""", 400, "malformed", "business_key")]
    [InlineData("permit", """{"number":"W-3 "}""", 400, "malformed", "business_key")]
    [InlineData("permit", """{"number":"W\u00073"}""", 400, "malformed", "business_key")]
    [InlineData("permit", """{"number":"W\u202e3"}""", 400, "malformed", "business_key")]
    [InlineData("permit", """{"number":"W-3","limitMinutes":0}""", 400, "malformed", "duration")]
    [InlineData("permit", """{"number":"W-3","limitMinutes":-1}""", 400, "malformed", "duration")]
    [InlineData("permit", """{"number":"W-3","limitMinutes":2000000000}""", 400, "malformed", "duration")]
    [InlineData("permit", """{"number":"W-3","limitMinutes":NaN}""", 400, "malformed", "json")]
    [InlineData("permit", """{"number":"W-3","number":"W-4"}""", 400, "malformed", "json_duplicate_key")]
    [InlineData("permit", """{"number":"W-3",}""", 400, "malformed", "json")]
    [InlineData("permit", """["W-3"]""", 400, "malformed", "type")]
    [InlineData("permit", "null", 400, "malformed", "body_missing")]
    [InlineData("permit", "", 400, "malformed", "body_missing")]
    [Trait("Req", "REL-4.6-38")]
    [Trait("Req", "REL-4.6-40")]
    [Trait("Req", "REL-4.6-41")]
    [Trait("Req", "REL-4.6-43")]
    [Trait("Req", "REL-4.6-24")]
    [Trait("Req", "REL-4.6-26")]
    [Trait("Req", "REL-4.6-27")]
    public async Task A_start_that_cannot_be_read_or_used_is_refused_by_name(string type, string body, int status, string disposition, string code)
    {
        var told = await host.CallAsync("POST", $"/workflows/{type}", body);

        Assert.Equal((status, disposition, code), (told.Status, told.Body.Text("disposition"), told.Body.Text("code")));
        Assert.Equal(status, told.Body.GetProperty("status").GetInt32());
        await host.ShouldBeWellAsync();
    }

    [Fact]
    [Trait("Req", "REL-4.6-38")]
    public async Task A_key_of_letters_of_any_script_an_emoji_and_dots_is_taken_and_one_too_long_is_not()
    {
        var odd = await host.CallAsync("POST", "/workflows/permit", """{"number":"../ключ %00 🚂"}""");
        var longest = await host.CallAsync("POST", "/workflows/permit", $$"""{"number":"{{new string('k', 255)}}"}""");
        var longer = await host.CallAsync("POST", "/workflows/permit", $$"""{"number":"{{new string('k', 256)}}"}""");

        Assert.Equal((200, 200, 400), (odd.Status, longest.Status, longer.Status));
    }

    [Fact]
    public async Task The_unknown_type_is_answered_with_those_that_are_hosted()
    {
        var told = await host.CallAsync("POST", "/workflows/permits", """{"number":"W-5"}""");

        Assert.Contains("'permit'", told.Body.Text("detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signals_are_applied_once_for_each_idempotency_key_and_content()
    {
        var id = await host.StartAsync();
        var body = $$$"""{"event":"NoteAdded","message":{"workflowId":"{{{id}}}","text":"hm"}}""";

        var first = await host.CallAsync("POST", $"/workflows/{id}/signal", body, idempotencyKey: "n1");
        var repeated = await host.CallAsync("POST", $"/workflows/{id}/signal", body, idempotencyKey: "n1");
        var another = await host.CallAsync("POST", $"/workflows/{id}/signal", body, idempotencyKey: "n2");
        var misused = await host.CallAsync("POST", $"/workflows/{id}/signal", body.Replace("hm", "ha"), idempotencyKey: "n2");

        Assert.Equal(["applied", "duplicate", "applied", "duplicate_conflict"],
            new[] { first, repeated, another, misused }.Select(x => x.Body.Text("disposition")));
        Assert.Equal(2, JsonElement.Parse((await host.WorkflowAsync(id)).Document).GetProperty("notes").GetArrayLength());
    }

    [Fact]
    [Trait("Req", "REL-4.6-48")]
    public async Task A_signal_to_an_unknown_name_workflow_or_one_that_is_closed_is_told_so()
    {
        var (id, canceled, closed) = (await host.StartAsync(), await host.StartAsync(), await host.StartAsync());
        await host.CallAsync("POST", $"/workflows/{canceled}/cancel", """{"reason":"not wanted"}""");
        await host.PostAsync(AnswerKind.Completed, """{"result":1}"""u8.ToArray(), await host.TokenAsync(closed));
        const string Body = """{"event":"NoteAdded","message":{"text":"hm"}}""";

        var name = await host.CallAsync("POST", $"/workflows/{id}/signal", Body.Replace("NoteAdded", "Sung"));
        var unknown = await host.CallAsync("POST", "/workflows/00000000-0000-4000-8000-000000000001/signal", Body);
        var late = await host.CallAsync("POST", $"/workflows/{closed}/signal", Body);
        var recalled = await host.CallAsync("POST", $"/workflows/{canceled}/signal", Body);

        Assert.Equal((404, "unknown_signal"), (name.Status, name.Body.Text("code")));
        Assert.Contains("'NoteAdded'", name.Body.Text("detail"), StringComparison.Ordinal);
        Assert.Equal((404, "unknown_workflow"), (unknown.Status, unknown.Body.Text("code")));
        Assert.Equal((410, "workflow_closed"), (late.Status, late.Body.Text("code")));
        Assert.Equal((410, "canceled"), (recalled.Status, recalled.Body.Text("code")));
    }

    [Fact]
    [Trait("Req", "REL-4.6-49")]
    public async Task Signals_for_later_are_kept_up_to_the_cap_and_not_one_more()
    {
        var id = await host.StartAsync();
        var told = new List<(int Status, JsonElement Body)>();

        for (var i = 0; i < 4; i++)
        {
            told.Add(await host.CallAsync("POST", $"/workflows/{id}/signal", $$$"""{"event":"Objected","message":{"workflowId":"{{{id}}}","reason":"{{{i}}}"}}"""));
        }

        Assert.All(told[..3], x => Assert.Equal((202, "kept"), (x.Status, x.Body.Text("disposition"))));
        Assert.Equal((429, "too_many", "signal_buffer_full"), (told[3].Status, told[3].Body.Text("disposition"), told[3].Body.Text("code")));
    }

    [Fact]
    public async Task A_cancellation_ends_the_workflow_once_and_a_body_is_not_needed()
    {
        var id = await host.StartAsync();

        var first = await host.CallAsync("POST", $"/workflows/{id}/cancel");
        var second = await host.CallAsync("POST", $"/workflows/{id}/cancel", """{"reason":"again"}""");
        var long_ = await host.CallAsync("POST", $"/workflows/{id}/cancel", $$"""{"reason":"{{new string('x', 1_025)}}"}""");

        Assert.Equal(("applied", "duplicate"), (first.Body.Text("disposition"), second.Body.Text("disposition")));
        Assert.Equal((400, "too_long"), (long_.Status, long_.Body.Text("code")));
        Assert.Equal(WorkflowStatus.Canceled, (await host.WorkflowAsync(id)).Status);
    }

    [Theory]
    [InlineData("GET", "/workflows/W-1", 400, "workflow_id")]
    [InlineData("GET", "/workflows/..%2f..%2fetc%2fpasswd", 400, "workflow_id")]
    [InlineData("GET", "/workflows/{id}/history?after=-1", 400, "range")]
    [InlineData("GET", "/workflows/{id}/history?after=1&after=2", 400, "range")]
    [InlineData("GET", "/workflows/{id}/history?limit=201", 400, "range")]
    [InlineData("GET", "/workflows/{id}/history?limit=0", 400, "range")]
    [InlineData("GET", "/workflows/{id}/result?waitMs=30001", 400, "range")]
    [InlineData("GET", "/workflows/{id}/result?waitMs='%20or%201=1", 400, "range")]
    [InlineData("GET", "/workflows/00000000-0000-4000-8000-000000000001", 404, "unknown_workflow")]
    [InlineData("GET", "/workflows/00000000-0000-4000-8000-000000000001/result?waitMs=30000", 404, "unknown_workflow")]
    [InlineData("PUT", "/workflows/{id}", 405, "method_not_allowed")]
    [InlineData("DELETE", "/workflows/{id}", 405, "method_not_allowed")]
    [InlineData("GET", "/workflows/{id}/cancel", 405, "method_not_allowed")]
    [InlineData("GET", "/workflows/{id}/signal", 405, "method_not_allowed")]
    [InlineData("POST", "/workflows/{id}/history", 405, "method_not_allowed")]
    [Trait("Req", "REL-4.6-53")]
    public async Task Another_path_parameter_or_method_changes_nothing(string method, string path, int status, string code)
    {
        var id = await host.StartAsync();
        var before = await host.SnapshotAsync(id);

        var told = await host.CallAsync(method, path.Replace("{id}", id.ToString()));

        Assert.Equal((status, code), (told.Status, told.Body.Text("code")));
        Assert.Equal(before, await host.SnapshotAsync(id));
    }

    [Fact]
    [Trait("Req", "REL-4.6-29")]
    [Trait("Req", "REL-4.6-32")]
    public async Task Size_type_and_idempotency_key_are_checked_before_anything_is_done()
    {
        var large = await host.CallAsync("POST", "/workflows/permit", $$"""{"number":"{{new string('x', WireLimits.BodyBytes)}}"}""");
        var key = await host.CallAsync("POST", "/workflows/permit", """{"number":"W-9"}""", idempotencyKey: new string('k', 129));
        using var text = new HttpRequestMessage(HttpMethod.Post, "/workflows/permit") { Content = new StringContent("{}") };
        text.Headers.Add("X-Api-Key", CallbackHost.ApiKey);
        using var refused = await host.Http.SendAsync(text);

        Assert.Equal((413, "too_large"), (large.Status, large.Body.Text("code")));
        Assert.Equal((400, "idempotency_key"), (key.Status, key.Body.Text("code")));
        Assert.Equal(415, (int)refused.StatusCode);
    }

    [Fact]
    [Trait("Req", "M8")]
    public async Task A_query_right_after_a_change_shows_it_a_thousand_times()
    {
        for (var i = 0; i < 500; i++)
        {
            var (_, receipt) = await host.CallAsync("POST", "/workflows/permit", $$"""{"number":"R-{{i}}"}""");
            var started = await host.CallAsync("GET", $"/workflows/{receipt.Text("workflowId")}");
            await host.CallAsync("POST", $"/workflows/{receipt.Text("workflowId")}/cancel");
            var canceled = await host.CallAsync("GET", $"/workflows/{receipt.Text("workflowId")}");

            Assert.Equal(("Running", "Canceled"), (started.Body.GetProperty("workflow").Text("status"), canceled.Body.GetProperty("workflow").Text("status")));
        }
    }
}
