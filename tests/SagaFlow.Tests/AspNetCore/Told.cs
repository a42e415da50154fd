using SagaFlow.Contracts;

namespace SagaFlow.Tests.AspNetCore;

/// <summary>What a sender was told, by whichever road it sent.</summary>
/// <param name="Receipt">The receipt; <see langword="null"/> when the answer was not judged.</param>
/// <param name="Status">The HTTP status; by the bus the one that belongs to the disposition.</param>
/// <param name="Code">The refusal's name; by the bus only for what cannot be read, from the quarantine.</param>
internal sealed record Told(Receipt? Receipt, int Status, string? Code)
{
    public Disposition? Disposition => Receipt?.Disposition;
}
