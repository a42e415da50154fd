using System.CommandLine;
using System.Globalization;
using DataRouting.Packets;

namespace DataRouting.CommandLine;

/// <summary>The command line: what can be asked for, and what is refused.</summary>
public static class RoutingCommand
{
    private const double SmallestScale = 0.0001;

    private static readonly Option<string> Packets = new("--packets")
    {
        Description = "JSON Lines file of packets {id, payload, getRouteMaximumAttempts?}, '-' for standard input, 'none' to serve only",
        HelpName = "FILE",
        DefaultValueFactory = _ => Path.Combine(AppContext.BaseDirectory, "packets.jsonl"),
    };

    private static readonly Option<string> RouteErrorChance = Percent("--route-error-chance", "Chance in percent that asking for a route fails");
    private static readonly Option<string> AckLossChance = Percent("--ack-loss-chance", "Chance in percent that a provider never acknowledges");
    private static readonly Option<string> AckLateChance = Percent("--ack-late-chance", "Chance in percent that a provider acknowledges after the timeout");

    private static readonly Option<string?> Seed = new("--seed")
    {
        Description = "Repeats the chances of an earlier run",
        HelpName = "N",
    };

    private static readonly Option<string> TimeScale = new("--time-scale")
    {
        Description = "Every duration is multiplied by this: 0.1 makes ten seconds one",
        HelpName = "X",
        DefaultValueFactory = _ => "1",
    };

    private static readonly Option<string?> Database = new("--database")
    {
        Description = "Keeps the state in this SQLite file, so that a later run continues it (default: a temporary file)",
        HelpName = "FILE",
    };

    private static readonly Option<string?> RabbitMq = new("--rabbitmq")
    {
        Description = "Talks by this RabbitMQ broker, such as amqp://guest:guest@localhost/ (default: inside the process)",
        HelpName = "URI",
    };

    private static readonly Option<string> Role = new("--role")
    {
        Description = "With --rabbitmq: which part of the system this process is: engine, worker, transmit or all",
        HelpName = "ROLE",
        DefaultValueFactory = _ => "all",
    };

    private static readonly Option<string?> Postgres = new("--postgres")
    {
        Description = "Keeps the workflows in this PostgreSQL database instead; keys come from SagaFlow__TokenKeys__Keys__<id>",
        HelpName = "CONNECTION",
    };

    /// <summary>Reads the arguments, or prints the help.</summary>
    /// <returns>The options; <see langword="null"/> when help or version was asked for and printed.</returns>
    /// <exception cref="BadInputException">An option is unknown, or its value cannot be used.</exception>
    public static RoutingOptions? Read(string[] args)
    {
        var command = new RootCommand("Routes packets through unreliable providers, one durable workflow for each packet")
        {
            Packets, RouteErrorChance, AckLossChance, AckLateChance, Seed, TimeScale, Database, Postgres, RabbitMq, Role,
        };
        var parsed = command.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            throw new BadInputException($"{parsed.Errors[0].Message} (see --help)");
        }

        if (parsed.Action is not null)
        {
            parsed.Invoke();
            return null;
        }

        return Build(parsed);
    }

    private static RoutingOptions Build(ParseResult parsed) => new()
    {
        Packets = parsed.GetValue(Packets)!,
        RouteErrorChance = ReadPercent(parsed, RouteErrorChance),
        AcknowledgementLossChance = ReadPercent(parsed, AckLossChance),
        AcknowledgementLateChance = ReadPercent(parsed, AckLateChance),
        Seed = parsed.GetValue(Seed) is { } seed ? ReadSeed(seed) : null,
        TimeScale = ReadScale(parsed.GetValue(TimeScale)!),
        Database = parsed.GetValue(Database),
        Postgres = parsed.GetValue(Postgres),
        RabbitMq = ReadBroker(parsed.GetValue(RabbitMq)),
        Role = ReadRole(parsed.GetValue(Role)!, parsed.GetValue(RabbitMq)),
    };

    private static Option<string> Percent(string name, string description) => new(name)
    {
        Description = $"{description} (0-100)",
        HelpName = "PERCENT",
        DefaultValueFactory = _ => "10",
    };

    // Read as text, so that a wrong value is answered in our words and not with a conversion error.
    private static int ReadPercent(ParseResult parsed, Option<string> option)
    {
        var text = parsed.GetValue(option)!;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var percent) && percent <= 100
            ? percent
            : throw new BadInputException($"'{text}' is no chance for {option.Name}: a whole number from 0 to 100 is expected");
    }

    // Not said again in the error, because it may hold a password.
    private static string? ReadBroker(string? text) =>
        text is null || (Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme is "amqp" or "amqps"))
            ? text
            : throw new BadInputException("--rabbitmq is no address of a broker: it looks like amqp://user:password@host:5672/virtual-host");

    private static RoutingRole ReadRole(string text, string? broker)
    {
        var role = text switch
        {
            "all" => RoutingRole.All,
            "engine" => RoutingRole.Engine,
            "worker" => RoutingRole.Worker,
            "transmit" => RoutingRole.Transmit,
            _ => throw new BadInputException($"'{text}' is no role: engine, worker, transmit or all is expected"),
        };
        return role == RoutingRole.All || broker is not null
            ? role
            : throw new BadInputException($"The role '{text}' needs a broker to talk by: give --rabbitmq");
    }

    private static int ReadSeed(string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seed)
            ? seed
            : throw new BadInputException($"'{text}' is no seed: a whole number is expected");

    private static double ReadScale(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var scale) && scale is >= SmallestScale and <= 1
            ? scale
            : throw new BadInputException($"'{text}' is no time scale: a number from {SmallestScale} to 1 is expected");
}
