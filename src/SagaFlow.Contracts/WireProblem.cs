namespace SagaFlow.Contracts;

/// <summary>Why a message was refused before anything of it was done.</summary>
/// <param name="Disposition"><see cref="Disposition.Malformed"/> or <see cref="Disposition.TooLarge"/>.</param>
/// <param name="Code">A stable name of the problem, such as <c>json_duplicate_key</c>.</param>
/// <param name="Detail">One sentence for a person. It quotes neither payload nor token.</param>
internal sealed record WireProblem(Disposition Disposition, string Code, string Detail);
