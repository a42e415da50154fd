using MassTransit;
using MassTransit.RetryPolicies;
using SagaFlow.Ingress;

namespace SagaFlow.Hosting;

/// <summary>Tries a delivery again, at last every five seconds, for as long as it may be held; then it is to be given back.</summary>
/// <remarks>By time and not by count, because a try may itself wait long for a database: see <see cref="Client.Bus.RawFilter.LongestHold"/>.</remarks>
internal sealed class DeliveryHoldPolicy(IExceptionFilter exceptions, TimeSpan? longestHold, TimeProvider clock) : IRetryPolicy
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
    private const int Doublings = 6;

    public RetryPolicyContext<T> CreatePolicyContext<T>(T context)
        where T : class, PipeContext => new Holding<T>(this, context);

    public bool IsHandled(Exception exception) => exceptions.Match(exception);

    public void Probe(ProbeContext context) => context.CreateScope("sagaflow-delivery-hold");

    private Func<bool> Hold()
    {
        var began = clock.GetTimestamp();
        return () => longestHold is { } longest && clock.GetElapsedTime(began) >= longest;
    }

    private sealed class Holding<T>(DeliveryHoldPolicy policy, T context) : BaseRetryPolicyContext<T>(policy, context), RetryPolicyContext<T>
        where T : class, PipeContext
    {
        private readonly Func<bool> _isOver = policy.Hold();

        public bool MayRetry(Exception exception)
        {
            if (!policy.IsHandled(exception) || CancellationToken.IsCancellationRequested)
            {
                return false;
            }

            var isOver = _isOver();
            if (isOver && Context is ConsumeContext consumed)
            {
                QuarantineFilters.GiveBack(consumed.ReceiveContext);
            }

            return !isOver;
        }

        public override bool CanRetry(Exception exception, out RetryContext<T> retryContext)
        {
            retryContext = CreateRetryContext(exception, CancellationToken);
            return MayRetry(exception);
        }

        protected override RetryContext<T> CreateRetryContext(Exception exception, CancellationToken cancellationToken) =>
            new Retry<T>(this, Context, exception, retryCount: 1, cancellationToken);
    }

    private sealed class Retry<T>(Holding<T> holding, T context, Exception exception, int retryCount, CancellationToken cancellationToken)
        : BaseRetryContext<T>(context, exception, retryCount, cancellationToken), RetryContext<T>
        where T : class, PipeContext
    {
        private readonly TimeSpan _pause = retryCount <= Doublings ? ShortestPause * (1 << (retryCount - 1)) : LongestPause;

        TimeSpan? RetryContext.Delay => _pause;

        public bool CanRetry(Exception exception, out RetryContext<T> retryContext)
        {
            retryContext = new Retry<T>(holding, Context, exception, RetryCount + 1, CancellationToken);
            return holding.MayRetry(exception);
        }
    }
}
