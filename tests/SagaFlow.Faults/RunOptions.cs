namespace SagaFlow.Faults;

/// <summary>What a run is asked for.</summary>
/// <param name="Each">How often each kind of fault is injected, with proof.</param>
/// <param name="Workflows">How many workflows are started at least; they go on as long as the faults do.</param>
/// <param name="Seed">Picks the order of the faults, their targets and their moments. What the processes make of them is not repeatable.</param>
/// <param name="Only">Only kinds whose name holds this; <see langword="null"/> for all.</param>
/// <param name="Report">Where the report goes, as JSON and as a table.</param>
/// <param name="Keep">Where the logs of a run that failed are kept.</param>
internal sealed record RunOptions(int Each, int Workflows, int Seed, string? Only, FileInfo? Report, DirectoryInfo? Keep);
