namespace SagaFlow.Client.Bus;

/// <summary>Reads MassTransit's addresses, such as <c>rabbitmq://host/virtual-host/queue?temporary=true</c>.</summary>
internal static class BusAddresses
{
    /// <summary>Gives the queue of an address that lies where the bus's own does: on the same virtual host, or in the same memory.</summary>
    /// <remarks>The host's name is not compared on a broker: one broker has many names, and the receipt goes to the engine's own.</remarks>
    public static string? QueueAt(Uri bus, Uri address) =>
        address.IsAbsoluteUri && bus.IsAbsoluteUri && IsInMemory(bus) == IsInMemory(address) && IsReachable(bus, address)
            && address.AbsolutePath.StartsWith('/')
            && Folder(bus) == Folder(address) && Name(address) is { Length: > 0 } name
                ? name
                : null;

    private static bool IsInMemory(Uri address) => address.Scheme == "loopback";

    private static bool IsReachable(Uri bus, Uri address) => IsInMemory(bus)
        ? string.Equals(bus.Host, address.Host, StringComparison.OrdinalIgnoreCase)
        : address.Scheme is "rabbitmq" or "rabbitmqs" or "amqp" or "amqps";

    private static string Folder(Uri address) => Uri.UnescapeDataString(address.AbsolutePath[..address.AbsolutePath.LastIndexOf('/')]).Trim('/');

    private static string Name(Uri address) => Uri.UnescapeDataString(address.AbsolutePath[(address.AbsolutePath.LastIndexOf('/') + 1)..]);
}
