namespace DataRouting.CommandLine;

/// <summary>Which part of the system a process is.</summary>
public enum RoutingRole
{
    /// <summary>All of it.</summary>
    All,

    /// <summary>The workflows; it starts one for each packet and prints how they end.</summary>
    Engine,

    /// <summary>The handlers of the activities.</summary>
    Worker,

    /// <summary>The providers: a foreign service.</summary>
    Transmit,
}
