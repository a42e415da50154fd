namespace SagaFlow.Contracts;

/// <summary>Carries a problem out of a half-read message to <see cref="WireJson"/>, which returns it; it goes no further.</summary>
internal sealed class WireFormatException(WireProblem problem) : Exception(problem.Detail)
{
    public WireProblem Problem { get; } = problem;

    public static WireFormatException Malformed(string code, string detail) => new(new(Disposition.Malformed, code, detail));

    public static WireFormatException TooLarge(string code, string detail) => new(new(Disposition.TooLarge, code, detail));

    public static WireFormatException Missing(string path) => Malformed("field_missing", $"Field '{path}' is missing");
}
