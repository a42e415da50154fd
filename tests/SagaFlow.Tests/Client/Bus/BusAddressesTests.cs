using SagaFlow.Client.Bus;

namespace SagaFlow.Tests.Client.Bus;

public sealed class BusAddressesTests
{
    [Theory]
    [InlineData("rabbitmq://broker/orders/bus-7", "rabbitmq://broker/orders/responses?temporary=true", "responses")]
    [InlineData("rabbitmq://10.0.0.7:5672/orders/bus-7", "rabbitmqs://broker.internal/orders/responses", "responses")]
    [InlineData("rabbitmq://broker/bus-7", "rabbitmq://broker/responses", "responses")]
    [InlineData("rabbitmq://broker/a%2Fb/bus-7", "rabbitmq://broker/a%2Fb/responses", "responses")]
    [InlineData("loopback://localhost/bus-7", "loopback://localhost/responses", "responses")]
    [InlineData("rabbitmq://broker/orders/bus-7", "rabbitmq://broker/others/responses", null)]
    [InlineData("rabbitmq://broker/orders/bus-7", "rabbitmq://broker/responses", null)]
    [InlineData("rabbitmq://broker/orders/bus-7", "rabbitmq://broker/orders/", null)]
    [InlineData("rabbitmq://broker/orders/bus-7", "loopback://localhost/responses", null)]
    [InlineData("rabbitmq://broker/orders/bus-7", "http://broker/orders/responses", null)]
    [InlineData("rabbitmq://broker/orders/bus-7", "queue:responses", null)]
    [InlineData("rabbitmq://broker/orders/bus-7", "rabbitmq:responses", null)]
    [InlineData("rabbitmq://broker/bus-7", "amqp:responses", null)]
    [InlineData("loopback://localhost/bus-7", "loopback://elsewhere/responses", null)]
    [Trait("Req", "REL-4.6-61")]
    public void A_response_address_counts_only_on_the_buss_own_virtual_host(string bus, string address, string? queue) =>
        Assert.Equal(queue, BusAddresses.QueueAt(new Uri(bus), new Uri(address)));
}
