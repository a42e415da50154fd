namespace SagaFlow.Simulation.Pipe;

/// <summary>A program is to be run; a negative timeout is none.</summary>
public sealed record ProgramAsked(string Key, long TimeoutTicks, IReadOnlyList<ProgramStep> Steps, int Content);
