using System.Text;
using RabbitMQ.Client;
using SagaFlow.Client.Bus;
using SagaFlow.Client.Bus.RabbitMq;

namespace SagaFlow.Tests.Client.Bus.RabbitMq;

/// <summary>Plain properties out, and whatever a stranger sends in.</summary>
public sealed class RabbitMqMessagesTests
{
    [Fact]
    public void A_message_becomes_plain_properties_and_is_read_back_as_it_was()
    {
        var message = new RawMessage
        {
            Body = Encoding.UTF8.GetBytes("{}"),
            MessageId = "order 7",
            CorrelationId = "c-1",
            ReplyTo = "replies",
            Headers = new Dictionary<string, string> { ["sagaflow-mac"] = "m", ["traceparent"] = "00-1-2-01" },
        };

        var properties = RabbitMqMessages.PropertiesOf(message);
        var read = RabbitMqMessages.Read(message.Body, properties, redelivered: true);

        Assert.Equal("application/json", properties.ContentType);
        Assert.Equal(DeliveryModes.Persistent, properties.DeliveryMode);
        Assert.Equal(("order 7", "c-1", "replies"), (read.MessageId, read.CorrelationId, read.ReplyTo));
        Assert.Equal("00-1-2-01", read.Headers["traceparent"]);
        Assert.True(read.Redelivered);
    }

    [Fact]
    public void A_missing_content_type_counts_as_json()
    {
        var read = RabbitMqMessages.Read(default, new BasicProperties { ContentType = " " }, redelivered: false);

        Assert.Equal(RawMessage.Json, read.ContentType);
    }

    [Fact]
    [Trait("Req", "REL-4.6-62")]
    public void Headers_of_any_type_are_read_as_text_or_left_out()
    {
        var properties = new BasicProperties
        {
            Headers = new Dictionary<string, object?>
            {
                ["bytes"] = Encoding.UTF8.GetBytes("text"),
                ["number"] = 7L,
                ["table"] = new Dictionary<string, object?> { ["a"] = 1 },
                ["array"] = new List<object> { 1, 2 },
                ["nothing"] = null,
            },
        };

        var read = RabbitMqMessages.Read(default, properties, redelivered: false);

        Assert.Equal(["bytes=text", "number=7"], read.Headers.Select(x => $"{x.Key}={x.Value}").Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(255, true)]
    [InlineData(256, false)]
    public void An_id_that_the_protocol_cannot_carry_is_left_out(int length, bool carried)
    {
        var properties = RabbitMqMessages.PropertiesOf(new RawMessage { Body = default, MessageId = new string('m', length) });

        Assert.Equal(carried, properties.IsMessageIdPresent());
    }
}
