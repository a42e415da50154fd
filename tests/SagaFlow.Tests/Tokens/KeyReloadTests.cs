using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NSubstitute;
using SagaFlow.Tests.AspNetCore;
using SagaFlow.Tests.Storage;
using SagaFlow.Tokens;

namespace SagaFlow.Tests.Tokens;

/// <summary>Keys that change while an engine runs.</summary>
[Trait("Req", "M1")]
public sealed class KeyReloadTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly TemporaryFolder _folder = new();
    private readonly LogCapture _logs = new();
    private readonly IConfigurationRoot _configuration;

    public KeyReloadTests() => _configuration = new ConfigurationBuilder().AddJsonFile(_folder.File("keys.json"), optional: true).Build();

    [Fact]
    public async Task A_new_key_signs_and_the_old_one_verifies_until_it_is_removed()
    {
        var (ring, reload) = await StartAsync();
        var (signer, verifier) = (new TokenSigner(ring), new TokenVerifier(ring, "sagaflow"));
        var first = signer.Mint(TokenSamples.Claims).Value;

        Change("k2", ("k1", Secret(1)), ("k2", Secret(2)));
        var second = signer.Mint(TokenSamples.Claims).Value;
        var during = (verifier.Verify(first, Now).IsGenuine, verifier.Verify(second, Now).IsGenuine);
        Change("k2", ("k2", Secret(2)));
        var after = (verifier.Verify(first, Now).IsGenuine, verifier.Verify(second, Now).IsGenuine);

        Assert.StartsWith("sf1.k2.", second, StringComparison.Ordinal);
        Assert.Equal((true, true), during);
        Assert.Equal((false, true), after);
        reload.Dispose();
    }

    [Theory]
    [InlineData("nobody", "k1", null)]
    [InlineData("k1", "k2", "dG9vIHNob3J0")]
    [InlineData("k1", "k2", "no base64!")]
    [InlineData("k2", "k2", "c2FnYWZsb3ctc2FtcGxlLWtleS1vZi10aGUtY29tcG9zZS1maWxl")]
    public async Task Keys_that_could_not_start_an_engine_are_told_of_and_the_ones_before_stay(string active, string id, string? secret)
    {
        var (ring, reload) = await StartAsync();

        Change(active, ("k1", Secret(1)), (id, secret ?? Secret(1)));

        Assert.Equal(["k1"], ring.Ids);
        Assert.True(_logs.Contains("cannot be used and the ones before stay"));
        Assert.False(_logs.Contains(Secret(1)));
        reload.Dispose();
    }

    public void Dispose()
    {
        _logs.Dispose();
        _folder.Dispose();
    }

    private async Task<(KeyRing Ring, KeyReload Reload)> StartAsync()
    {
        Change("k1", ("k1", Secret(1)));
        var ring = ConfiguredKeys.ToRing(ConfiguredKeys.Read(_configuration), isDevelopment: false);
        var environment = Substitute.For<IHostEnvironment>();
        environment.EnvironmentName.Returns("Production");
        var reload = new KeyReload(ring, _configuration, environment, new Logger<KeyReload>(new LoggerFactory([_logs])));
        await reload.StartAsync(CancellationToken.None);
        return (ring, reload);
    }

    private void Change(string active, params (string Id, string Secret)[] keys)
    {
        var section = new { Active = active, Keys = keys.DistinctBy(x => x.Id).ToDictionary(x => x.Id, x => x.Secret) };
        File.WriteAllText(_folder.File("keys.json"), JsonSerializer.Serialize(new { SagaFlow = new { TokenKeys = section } }));
        _configuration.Reload();
    }

    private static string Secret(int seed) => Convert.ToBase64String([.. Enumerable.Range(1, 32).Select(i => (byte)(i * 37 * seed))]);
}
