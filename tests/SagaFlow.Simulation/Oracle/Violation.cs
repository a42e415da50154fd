namespace SagaFlow.Simulation.Oracle;

/// <summary>A broken invariant.</summary>
/// <param name="Invariant">Its number in the catalogue, such as <c>I4</c> or <c>V1</c>.</param>
/// <param name="Text">What was expected and what was seen.</param>
/// <param name="Workflow">Of which workflow of the world; -1 for the world itself.</param>
/// <param name="At">When, in ticks of virtual time.</param>
internal sealed record Violation(string Invariant, string Text, int Workflow, long At);
