namespace SagaFlow.Client;

/// <summary>Gives ids to what cannot derive one from its content, such as a message that may be sent twice on purpose.</summary>
internal interface IIdSource
{
    /// <summary>Gets an id that was never given before.</summary>
    Guid Next();
}
