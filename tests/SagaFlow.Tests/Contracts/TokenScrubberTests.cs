using SagaFlow.Contracts;
using static SagaFlow.Tests.Contracts.WireSamples;

namespace SagaFlow.Tests.Contracts;

public sealed class TokenScrubberTests
{
    [Theory]
    [InlineData("""{"taskToken":"sf1.k1.AQID.BAUG","result":1}""", """{"taskToken":"sf1.k1.[redacted]","result":1}""")]
    [InlineData("Bearer sf1.k1.AQID.BAUG\nsf1.k2.AQID.BAUG", "Bearer sf1.k1.[redacted]\nsf1.k2.[redacted]")]
    [InlineData("sf1.k1.AQID", "sf1.k1.[redacted]")]
    [InlineData("sf2.k1.AQ+D.BA/G==", "sf2.k1.[redacted]")]
    [InlineData("sf1\\u002ek1\\u002EAQID\\u002eBAUG", "sf1\\u002ek1\\u002E[redacted]")]
    [InlineData("nothing here: sf1 or sf1.k1", "nothing here: sf1 or sf1.k1")]
    public void Tokens_are_cut_out_and_the_rest_stays(string text, string expected)
    {
        Assert.Equal(expected, TokenScrubber.Scrub(text));
    }

    [Fact]
    public void Bytes_that_are_no_text_stay_as_they_are()
    {
        byte[] noise = [0xFF, 0x00, 0xC0, .. "Grüße"u8];

        Assert.Equal([.. noise, .. "sf1.k1.[redacted]"u8], TokenScrubber.Scrub([.. noise, .. Bytes(Token)]));
    }
}
