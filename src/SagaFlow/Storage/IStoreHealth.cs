namespace SagaFlow.Storage;

/// <summary>What those who use the database have met lately: then whoever can come again is sent away soon, rather than kept waiting.</summary>
internal interface IStoreHealth
{
    /// <summary>Whether it is known to be away, for reading or for changes.</summary>
    bool IsAway { get; }

    /// <summary>Whether changes fail, although it may still be read: its disk is full, or it has become a replica.</summary>
    bool TakesNoChanges { get; }
}
