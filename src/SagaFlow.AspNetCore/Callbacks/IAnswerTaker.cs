using SagaFlow.Contracts;

namespace SagaFlow.AspNetCore.Callbacks;

/// <summary>Where a readable answer goes from here.</summary>
internal interface IAnswerTaker
{
    /// <summary>Gives the receipt once the answer is committed or refused; throws when that cannot be known now.</summary>
    Task<Receipt> TakeAsync(ActivityAnswer answer, CancellationToken cancellationToken);
}
