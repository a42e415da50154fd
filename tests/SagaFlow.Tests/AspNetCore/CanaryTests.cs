using System.Text;
using Microsoft.Data.Sqlite;
using SagaFlow.Contracts;
using SagaFlow.Tokens;

namespace SagaFlow.Tests.AspNetCore;

/// <summary>Secrets that were planted, and where they must not be found.</summary>
[Collection(CallbackCollection.Name)]
public sealed class CanaryTests(CallbackHost host)
{
    [Fact]
    [Trait("Req", "REL-I20")]
    public async Task After_all_kinds_of_answers_no_table_but_the_outbox_holds_a_token_and_none_holds_a_key()
    {
        var id = await host.StartAsync();
        var tokens = new[] { await host.TokenAsync(id), await host.TokenAsync(id, "Inspect-1"), (await host.RequestAsync(id, "Inspect-1")).HeartbeatToken! };
        await host.PostAsync(AnswerKind.Heartbeat, """{"sequence":1,"checkpoint":{"page":7}}"""u8.ToArray(), tokens[1]);
        await host.PostAsync(AnswerKind.Failed, """{"failure":{"type":"Refused","message":"m"}}"""u8.ToArray(), tokens[1]);
        await host.PostAsync(AnswerKind.Completed, """{"result":1}"""u8.ToArray(), tokens[0]);
        await host.SendAsync(Encoding.UTF8.GetBytes($$"""{"taskToken":"{{tokens[0]}}","oops":"""));
        var key = await File.ReadAllBytesAsync(KeyFile.PathFor(host.DatabaseFile));
        string[] secrets = [.. tokens.Select(x => x[^20..]), CallbackHost.ApiKey, Convert.ToBase64String(key), Convert.ToHexString(key)];

        var found = new List<string>();
        var read = 0;
        await foreach (var (table, value) in DumpAsync())
        {
            read++;
            found.AddRange(secrets.Where(x => table != "sagaflow_outbox" && value.Contains(x, StringComparison.OrdinalIgnoreCase)).Select(_ => table));
        }

        Assert.True(read > 100);
        Assert.Empty(found);
    }

    private async IAsyncEnumerable<(string Table, string Value)> DumpAsync()
    {
        await using var database = new SqliteConnection($"Data Source={host.DatabaseFile};Mode=ReadOnly;Pooling=False");
        await database.OpenAsync();
        foreach (var table in await ReadAsync(database, "select name from sqlite_master where type = 'table'"))
        {
            foreach (var value in await ReadAsync(database, $"select * from \"{table}\""))
            {
                yield return (table, value);
            }
        }
    }

    private static async Task<List<string>> ReadAsync(SqliteConnection database, string text)
    {
        var values = new List<string>();
        await using var command = database.CreateCommand();
        command.CommandText = text;
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            for (var i = 0; i < reader.FieldCount; i++)
            {
                values.Add(reader.GetValue(i) is byte[] bytes ? Encoding.Latin1.GetString(bytes) : reader.GetValue(i).ToString() ?? "");
            }
        }

        return values;
    }
}
