namespace SagaFlow.Tests.Tidy;

internal enum DeclarationKind
{
    Using,
    Type,
    Method,

    /// <summary>A field, a property, an event, a value of an enum.</summary>
    Other,

    /// <summary>Code outside any type, as in a Program.cs.</summary>
    Statement,
}
