namespace SagaFlow.Hosting;

/// <summary>Where the engine's dice come from, so that a test can load them.</summary>
internal interface IRandomSource
{
    /// <summary>A number from 0 up to, not including, 1.</summary>
    double NextDouble();
}
