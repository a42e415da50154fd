namespace SagaFlow.Tests.AspNetCore;

/// <summary>The tests that share one host: what one of them breaks, the next one meets.</summary>
[CollectionDefinition(Name)]
public sealed class CallbackCollection : ICollectionFixture<CallbackHost>
{
    public const string Name = "Callbacks";
}
