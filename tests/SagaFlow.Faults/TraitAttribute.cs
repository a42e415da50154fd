namespace SagaFlow.Faults;

/// <summary>Says which requirement a fault or a rule shows, as tests do, so that the table of requirements can be compared with it.</summary>
/// <param name="name">Always <c>Req</c>.</param>
/// <param name="value">The requirement's number.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class TraitAttribute(string name, string value) : Attribute
{
    public string Name => name;

    public string Value => value;
}
