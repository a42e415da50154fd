using SagaFlow.Simulation.Counting;

namespace SagaFlow.Simulation.Databases;

/// <summary>Where the engine of one world keeps its state, through all its lives. Disposing it forgets the state.</summary>
internal interface IPipeDatabase : IAsyncDisposable
{
    /// <summary>Gets what the network between the engine and its database can do; empty where there is no network.</summary>
    IReadOnlyList<Fault> NetworkFaults { get; }

    /// <summary>Gets how far an engine's own clock may be wrong: nothing where it decides about deadlines.</summary>
    TimeSpan LargestSkew { get; }

    /// <summary>Puts the shipped store behind the engine's seam.</summary>
    void AddTo(SagaFlowBuilder flow);

    /// <summary>Sets the clock of the database, which may be the one that decides about deadlines.</summary>
    Task SetClockAsync(DateTimeOffset now);

    /// <summary>Lets the network fail at the next commit.</summary>
    void BreakNextCommit(Fault how);
}

/// <summary>Makes a database for each world.</summary>
internal interface IPipeDatabases : IAsyncDisposable
{
    /// <summary>Gets whether worlds must be made of whole microseconds, because the database keeps no shorter ones.</summary>
    bool KeepsMicroseconds { get; }

    Task<IPipeDatabase> RentAsync();
}
