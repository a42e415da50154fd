namespace DataRouting.Transmission;

/// <summary>How the worker reaches the transmit service.</summary>
public interface ISubmissions
{
    /// <summary>Submits a packet. Returning means that it cannot get lost any more.</summary>
    Task SubmitAsync(TransmissionRequest request, CancellationToken cancellationToken);
}
