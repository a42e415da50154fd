using System.Net.Http.Json;

namespace DataRouting.Transmission;

/// <summary>Reaches the transmit service by HTTP.</summary>
public sealed class TransmitServiceClient(HttpClient http) : ISubmissions
{
    public async Task SubmitAsync(TransmissionRequest request, CancellationToken cancellationToken)
    {
        using var response = await http.PostAsJsonAsync("/transmissions", request, cancellationToken);
        response.EnsureSuccessStatusCode();
    }
}
