using MassTransit;
using MassTransit.Configuration;

namespace SagaFlow.Client.Bus;

/// <summary>Puts a <see cref="RawFilter"/> into a receive pipe.</summary>
internal sealed class RawFilterSpecification(RawFilter filter) : IPipeSpecification<ReceiveContext>
{
    public void Apply(IPipeBuilder<ReceiveContext> builder) => builder.AddFilter(filter);

    public IEnumerable<ValidationResult> Validate() => [];
}
