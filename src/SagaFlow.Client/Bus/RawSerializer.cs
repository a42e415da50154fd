using System.Net.Mime;
using System.Runtime.InteropServices;
using MassTransit;

namespace SagaFlow.Client.Bus;

/// <summary>Serializes by returning the bytes that are there already.</summary>
internal sealed class RawSerializer(string contentType) : IMessageSerializer
{
    public ContentType ContentType { get; } = Parse(contentType);

    public MessageBody GetMessageBody<T>(SendContext<T> context) where T : class =>
        new BytesMessageBody(Exact(((RawBody)(object)context.Message).GetBytes()));

    private static byte[] Exact(ReadOnlyMemory<byte> bytes) =>
        MemoryMarshal.TryGetArray(bytes, out var segment) && segment.Offset == 0 && segment.Count == segment.Array!.Length
            ? segment.Array
            : bytes.ToArray();

    private static ContentType Parse(string contentType)
    {
        try
        {
            return new ContentType(contentType);
        }
        catch (FormatException)
        {
            return new ContentType(MediaTypeNames.Application.Octet);
        }
    }
}
