using System.Threading.Channels;
using DataRouting.Routing;

namespace DataRouting.Transmission;

/// <summary>The providers' side, as a foreign service would be: its own HTTP server or queue, its own file, and a token it does not understand.</summary>
/// <remarks>It acknowledges with the token over HTTP or by a message: in time, late or never, as the dice say.
/// It shares no code with SagaFlow.</remarks>
public sealed class TransmitService : IAsyncDisposable
{
    private readonly WebApplication? _server;
    private readonly TransmitJournal _journal;
    private readonly Chances _chances;
    private readonly Dice _dice;
    private readonly RoutingTimes _times;
    private readonly Channel<PendingAcknowledgement> _accepted = Channel.CreateUnbounded<PendingAcknowledgement>();

    private AcknowledgementCalls? _calls;

    private TransmitService(WebApplication? server, TransmitJournal journal, Chances chances, Dice dice, RoutingTimes times) =>
        (_server, _journal, _chances, _dice, _times) = (server, journal, chances, dice, times);

    /// <summary>Where the service listens, on loopback.</summary>
    public Uri Address => new(_server!.Urls.First());

    /// <summary>Starts to take submissions on a free loopback port.</summary>
    public static async Task<TransmitService> ListenAsync(string journalFile, Chances chances, Dice dice, RoutingTimes times)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0));
        var server = builder.Build();
        var service = new TransmitService(server, TransmitJournal.Open(journalFile), chances, dice, times);
        server.MapPost("/transmissions", (TransmissionRequest request) =>
        {
            service.Accept(request);
            return Results.Accepted();
        });
        await server.StartAsync();
        return service;
    }

    /// <summary>Starts to take submissions from its queue, and to acknowledge by messages.</summary>
    public static async Task<TransmitService> ListenAsync(TransmitBroker broker, string journalFile, Chances chances, Dice dice, RoutingTimes times)
    {
        var service = new TransmitService(null, TransmitJournal.Open(journalFile), chances, dice, times);
        await broker.ListenAsync(service.Accept);
        service.AcknowledgeBy(broker);
        return service;
    }

    /// <summary>Starts to acknowledge, with what the journal says is still owed.</summary>
    public void AcknowledgeBy(IAcknowledgements acknowledgements)
    {
        _calls = new AcknowledgementCalls(acknowledgements, _journal);
        _calls.Start(_journal.Pending, _accepted.Reader);
    }

    public async ValueTask DisposeAsync()
    {
        _accepted.Writer.TryComplete();
        if (_server is not null)
        {
            await _server.StopAsync();
            await _server.DisposeAsync();
        }

        if (_calls is not null)
        {
            await _calls.DisposeAsync();
        }

        _journal.Dispose();
    }

    private void Accept(TransmissionRequest request)
    {
        var pending = new PendingAcknowledgement(request.PacketId, request.Provider, request.TaskToken, AcknowledgementTime(request));
        if (_journal.Accept(pending))
        {
            _accepted.Writer.TryWrite(pending);
        }
    }

    // Null: the acknowledgement is lost on its way.
    private DateTimeOffset? AcknowledgementTime(TransmissionRequest request)
    {
        var fate = $"{request.PacketId}/{request.Provider}";
        if (_dice.Hits(_chances.AcknowledgementLoss, $"loss/{fate}"))
        {
            return null;
        }

        var spread = _dice.Roll($"delay/{fate}");
        var delay = _dice.Hits(_chances.AcknowledgementLate, $"late/{fate}")
            ? _times.TransmitTimeout + ((_times.LongestLateAcknowledgement - _times.TransmitTimeout) * (0.2 + (0.8 * spread)))
            : _times.LongestPromptAcknowledgement * spread;
        return TimeProvider.System.GetUtcNow() + delay;
    }
}
