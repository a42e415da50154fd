using SagaFlow.Contracts;

namespace SagaFlow.Client.Bus.RabbitMq;

/// <summary>Checks the address of a broker, and says it without its password.</summary>
internal static class RabbitMqAddress
{
    private static readonly string[] Schemes = ["amqp", "amqps", "rabbitmq", "rabbitmqs"];

    /// <exception cref="SagaFlowException">The text is no address of a broker.</exception>
    public static Uri Parse(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || !Schemes.Contains(uri.Scheme, StringComparer.OrdinalIgnoreCase)
            || uri.Host.Length == 0 || uri.AbsolutePath.Trim('/').Contains('/'))
        {
            // Not the text itself: it may hold a password.
            throw new SagaFlowException(
                "The RabbitMQ address cannot be used. It looks like 'amqp://user:password@host:5672/virtual-host', with 'amqps' for TLS.");
        }

        return uri;
    }

    public static bool UsesTls(Uri uri) => uri.Scheme.EndsWith('s');
}
