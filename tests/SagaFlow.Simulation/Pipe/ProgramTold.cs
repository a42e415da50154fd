namespace SagaFlow.Simulation.Pipe;

/// <summary>A signal to a program.</summary>
public sealed record ProgramTold(string Key, int Content);
