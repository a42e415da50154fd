namespace DataRouting.CommandLine;

/// <summary>What the user asked for.</summary>
public sealed record RoutingOptions
{
    /// <summary>In place of a file: a process that starts nothing itself and serves until it is stopped, such as a second engine.</summary>
    public const string NoPackets = "none";

    /// <summary>The packets' file; <c>-</c> is standard input, <c>none</c> says that there are none.</summary>
    public required string Packets { get; init; }

    public required int RouteErrorChance { get; init; }
    public required int AcknowledgementLossChance { get; init; }
    public required int AcknowledgementLateChance { get; init; }

    /// <summary>Repeats the chances; <see langword="null"/> rolls new ones.</summary>
    public int? Seed { get; init; }

    /// <summary>Every duration is multiplied by it.</summary>
    public required double TimeScale { get; init; }

    /// <summary>The RabbitMQ broker that everything talks by; <see langword="null"/> to do without one.</summary>
    public string? RabbitMq { get; init; }

    /// <summary>What this process is.</summary>
    public required RoutingRole Role { get; init; }

    /// <summary>Where the state is kept; <see langword="null"/> for a temporary file, removed at the end.</summary>
    public string? Database { get; init; }

    /// <summary>The PostgreSQL database that keeps the workflows; <see langword="null"/> for the file.</summary>
    public string? Postgres { get; init; }
}
