namespace SagaFlow.Tests.Activities.Matrix;

/// <summary>A row group of the matrix: a state that an activity can reach.</summary>
/// <param name="Name">What it is, for the reader of the table.</param>
/// <param name="Standing">What is known of it.</param>
/// <param name="Reach">Brings an activity there, by events only.</param>
internal sealed record MatrixState(string Name, Standing Standing, Func<Rehearsal> Reach);
