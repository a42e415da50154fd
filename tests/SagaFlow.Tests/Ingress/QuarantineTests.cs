using System.Text;
using SagaFlow.Storage;
using SagaFlow.Tests.AspNetCore;

namespace SagaFlow.Tests.Ingress;

[Collection(CallbackCollection.Name)]
public sealed class QuarantineTests(CallbackHost host)
{
    [Fact]
    [Trait("Req", "REL-I20")]
    [Trait("Req", "REL-T23")]
    public async Task A_quarantined_message_keeps_its_bytes_and_its_reason_but_no_token()
    {
        var token = await host.TokenAsync(await host.StartAsync());

        await host.SendAsync(BadInput.Bytes($$"""{"taskToken":"{{token}}","note":"keep me","{{token}}":1,"{{token}}":2}"""));

        var aside = (await host.Get<IQuarantine>().ReadAsync(10_000, default)).Single(x => Encoding.UTF8.GetString(x.Body).Contains("keep me"));
        Assert.Equal("sagaflow.answers", aside.Endpoint);
        Assert.StartsWith("json_duplicate_key", aside.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain(token.Split('.')[2], Encoding.UTF8.GetString(aside.Body), StringComparison.Ordinal);
        Assert.DoesNotContain(token.Split('.')[2][..8], aside.Reason, StringComparison.Ordinal);
    }
}
