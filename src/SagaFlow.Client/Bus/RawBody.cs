namespace SagaFlow.Client.Bus;

/// <summary>What the bus sees of an outgoing message: a type without properties that any of its conventions could read.</summary>
internal sealed class RawBody(ReadOnlyMemory<byte> bytes)
{
    public ReadOnlyMemory<byte> GetBytes() => bytes;
}
