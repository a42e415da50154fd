using System.Net.Http.Json;

namespace DataRouting.Transmission;

/// <summary>How the worker reaches the transmit service.</summary>
public sealed class TransmitServiceClient(HttpClient http)
{
    /// <summary>Submits a packet. Returning means that the service has it on disk.</summary>
    public async Task SubmitAsync(TransmissionRequest request, CancellationToken cancellationToken)
    {
        using var response = await http.PostAsJsonAsync("/transmissions", request, cancellationToken);
        response.EnsureSuccessStatusCode();
    }
}
