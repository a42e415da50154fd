using System.Net.Sockets;
using System.Text;

namespace SagaFlow.Tests.AspNetCore;

/// <summary>A caller with bad manners: it sends bytes, whatever HTTP says, and reads until the server hangs up.</summary>
internal sealed class RawHttp : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly TcpClient _client = new();
    private NetworkStream _stream = null!;

    public static async Task<RawHttp> ConnectAsync(Uri address)
    {
        var raw = new RawHttp();
        await raw._client.ConnectAsync(address.Host, address.Port);
        raw._stream = raw._client.GetStream();
        return raw;
    }

    /// <summary>Sends a whole request and reads the response and the connection's end.</summary>
    public static async Task<string> CallAsync(Uri address, string request)
    {
        using var raw = await ConnectAsync(address);
        await raw.SendAsync(request);
        return await raw.ReadToEndAsync();
    }

    public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    public async Task SendAsync(byte[] bytes) => await _stream.WriteAsync(bytes).AsTask().WaitAsync(Patience);

    /// <summary>Says that nothing more will come, and goes on listening.</summary>
    public void EndSending() => _client.Client.Shutdown(SocketShutdown.Send);

    /// <summary>Sends the same over and over until the server does not take it any more.</summary>
    public async Task SendEndlesslyAsync(byte[] bytes, int atMost)
    {
        try
        {
            for (var sent = 0; sent < atMost; sent += bytes.Length)
            {
                await SendAsync(bytes);
            }
        }
        catch (IOException)
        {
            return;
        }

        throw new InvalidOperationException($"The server took {atMost} bytes");
    }

    public async Task<string> ReadToEndAsync()
    {
        using var received = new MemoryStream();
        try
        {
            await _stream.CopyToAsync(received).WaitAsync(Patience);
        }
        catch (IOException)
        {
            // Hung up on us: what came before counts.
        }

        return Encoding.UTF8.GetString(received.ToArray());
    }

    public void Dispose() => _client.Dispose();
}
