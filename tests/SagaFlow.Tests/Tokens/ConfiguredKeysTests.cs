using System.Text;
using Microsoft.Extensions.Configuration;
using SagaFlow.Contracts;
using SagaFlow.Tokens;

namespace SagaFlow.Tests.Tokens;

public sealed class ConfiguredKeysTests
{
    private static readonly string Good = Convert.ToBase64String([.. Enumerable.Range(1, 32).Select(i => (byte)(i * 37))]);
    private static readonly string Other = Convert.ToBase64String([.. Enumerable.Range(1, 32).Select(i => (byte)(i * 41))]);

    [Fact]
    public void One_key_is_the_active_one()
    {
        var ring = ToRing(("Keys:k1", Good));

        Assert.Equal("k1", ring.Active.Id);
    }

    [Fact]
    public void Of_several_keys_the_named_one_signs_and_all_verify()
    {
        var ring = ToRing(("Active", "k2"), ("Keys:k1", Good), ("Keys:k2", Other));

        Assert.Equal("k2", ring.Active.Id);
        Assert.NotNull(ring.Find("k1"));
    }

    [Fact]
    public void A_sample_s_key_will_do_in_development()
    {
        var sample = Convert.ToBase64String(Encoding.ASCII.GetBytes("sagaflow-sample-key-for-development"));

        Assert.Equal("k1", ToRing(isDevelopment: true, ("Keys:k1", sample)).Active.Id);
        Assert.Contains("which everybody knows", Refusal(("Keys:k1", sample)), StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_keys_are_refused_with_the_way_to_make_one()
    {
        var message = Refusal();

        Assert.Contains("No keys to sign task tokens with", message, StringComparison.Ordinal);
        Assert.Contains("SagaFlow:TokenKeys:Keys:<id>", message, StringComparison.Ordinal);
        Assert.Contains("openssl rand -base64 32", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Several_keys_without_an_active_one_are_refused() =>
        Assert.Contains("There are 2 keys", Refusal(("Keys:k1", Good), ("Keys:k2", Other)), StringComparison.Ordinal);

    [Fact]
    public void An_active_key_that_is_not_there_is_refused() =>
        Assert.Contains("The active key 'k9' is not among", Refusal(("Active", "k9"), ("Keys:k1", Good)), StringComparison.Ordinal);

    [Theory]
    [InlineData("", "is missing")]
    [InlineData("not base64!", "is no base64")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "is one byte repeated")]
    [InlineData("AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHw==", "is only 31 bytes long")]
    public void A_key_that_is_none_is_refused_by_its_id_and_never_shown(string text, string reason)
    {
        var message = Refusal(("Keys:k1", text));

        Assert.Contains("'k1'", message, StringComparison.Ordinal);
        Assert.Contains(reason, message, StringComparison.Ordinal);
        Assert.True(text.Length == 0 || !message.Contains(text, StringComparison.Ordinal));
    }

    private static string Refusal(params (string Key, string Value)[] settings) =>
        Assert.Throws<SagaFlowException>(() => ToRing(settings)).Message;

    private static KeyRing ToRing(params (string Key, string Value)[] settings) => ToRing(isDevelopment: false, settings);

    private static KeyRing ToRing(bool isDevelopment, params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(x => KeyValuePair.Create($"SagaFlow:TokenKeys:{x.Key}", (string?)x.Value)))
            .Build();
        return ConfiguredKeys.ToRing(ConfiguredKeys.Read(configuration), isDevelopment);
    }
}
