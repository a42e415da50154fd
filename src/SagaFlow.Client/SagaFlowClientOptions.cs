using SagaFlow.Client.Bus.RabbitMq;
using SagaFlow.Contracts;

namespace SagaFlow.Client;

/// <summary>How a process talks to a SagaFlow deployment. Client, worker and engine of one process share these options.</summary>
public sealed class SagaFlowClientOptions
{
    /// <summary>Gets or sets the prefix of every name on the broker; it is the id of the deployment as well.</summary>
    /// <value>The default is <c>sagaflow</c>. It takes 1 to 32 characters of <c>a</c> to <c>z</c>, <c>0</c> to <c>9</c>, <c>_</c> and <c>-</c>.</value>
    public string Prefix { get; set; } = "sagaflow";

    /// <summary>Gets or sets how long a call waits for its receipt.</summary>
    /// <value>The default is 45 seconds: an engine tries an answer for a workflow that it does not know for 30. It must be longer than <see cref="ResendInterval"/>.</value>
    /// <remarks>A call that ends without a receipt may have been applied; the engine drops the repeated message.</remarks>
    public TimeSpan ReceiptTimeout { get; set; } = TimeSpan.FromSeconds(45);

    /// <summary>Gets or sets how long a call waits before it sends the same message again, with the same id.</summary>
    /// <value>The default is 5 seconds.</value>
    public TimeSpan ResendInterval { get; set; } = TimeSpan.FromSeconds(5);

    internal Uri? RabbitMq { get; private set; }

    /// <summary>Puts the bus on a RabbitMQ broker, in place of the transport inside the process.</summary>
    /// <param name="address"><c>amqp://user:password@host:5672/virtual-host</c>; <c>amqps</c> for TLS.</param>
    /// <remarks>Client, worker and engine of one container share one bus: it is enough that one of them says it. A broker
    /// that cannot be reached at the start, or goes away in the middle of it, is waited for, up to two minutes; one that refuses the
    /// user, the password, the virtual host or a right ends the start at once.</remarks>
    /// <exception cref="SagaFlowException">The address cannot be used, or another one was given before.</exception>
    public void UseRabbitMq(string address)
    {
        var parsed = RabbitMqAddress.Parse(address);
        if (RabbitMq is not null && RabbitMq != parsed)
        {
            throw new SagaFlowException("Two RabbitMQ brokers are configured. Client, worker and engine of one container share one bus: name one.");
        }

        RabbitMq = parsed;
    }
}
