using SagaFlow.Contracts;
using SagaFlow.Ingress;

namespace SagaFlow.AspNetCore.Callbacks;

/// <summary>The engine of this very host: no broker in between.</summary>
internal sealed class EngineTaker(Lazy<AnswerIngress> ingress) : IAnswerTaker
{
    public Task<Receipt> TakeAsync(ActivityAnswer answer, CancellationToken cancellationToken) =>
        ingress.Value.AcceptAsync(answer, cancellationToken);
}
