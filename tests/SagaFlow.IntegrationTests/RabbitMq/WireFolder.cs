namespace SagaFlow.IntegrationTests.RabbitMq;

/// <summary>The wire contract's folder in the repository.</summary>
internal static class WireFolder
{
    public static string Path { get; } = RepositoryFolder.At("src", "SagaFlow.Contracts", "wire");
}
