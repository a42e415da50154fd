namespace SagaFlow.Simulation.Pipe;

/// <summary>A timer of a program.</summary>
public sealed record NapOver(int Step);
