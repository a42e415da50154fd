namespace SagaFlow.Storage;

/// <summary>Whether the database is known to be away: then whoever can come again is sent away soon, rather than kept waiting.</summary>
internal interface IStoreHealth
{
    bool IsAway { get; }
}
