using System.CommandLine;
using SagaFlow.Benchmarks.AsyncPath;
using SagaFlow.Benchmarks.Beats;
using SagaFlow.Benchmarks.Recover;
using SagaFlow.Benchmarks.Timers;

namespace SagaFlow.Benchmarks;

/// <summary>What can be measured.</summary>
internal static class Commands
{
    private static readonly Option<string?> Postgres = new("--postgres") { Description = "An Npgsql connection string; without it a private server is started" };
    private static readonly Option<string?> RabbitMq = new("--rabbitmq") { Description = "An AMQP address; without it a private server is started" };

    public static Command PushCancel()
    {
        var handlers = new Option<int>("--handlers") { Description = "How many handlers run at once", DefaultValueFactory = _ => 200 };
        var broker = new Option<string?>("--rabbitmq") { Description = "A broker's address, in place of the bus in memory" };
        var command = new Command("push-cancel", "Measures from a workflow's cancellation to the token of the handler that works for it") { handlers, broker };
        command.SetAction((arguments, cancellationToken) =>
            Benchmarks.PushCancel.RunAsync(arguments.GetValue(handlers), arguments.GetValue(broker), cancellationToken));
        return command;
    }

    public static Command Timers()
    {
        var count = new Option<int>("--count") { Description = "How many deadlines", DefaultValueFactory = _ => 4_000 };
        var rate = new Option<int>("--rate") { Description = "How many are due each second", DefaultValueFactory = _ => 200 };
        var command = new Command("timers", "Measures how late deadlines come, and whether any comes early") { Postgres, RabbitMq, count, rate };
        command.SetAction(arguments => TimersCommand.RunAsync(
            arguments.GetValue(Postgres), arguments.GetValue(RabbitMq), arguments.GetValue(count), arguments.GetValue(rate)));
        return command;
    }

    public static Command Beats()
    {
        var counts = new Option<int[]>("--activities")
        {
            Description = "How many activities beat at once; it ends with the first number that is not held",
            DefaultValueFactory = _ => [500, 1_000, 2_000, 5_000, 10_000],
            AllowMultipleArgumentsPerToken = true,
        };
        var seconds = new Option<int>("--seconds") { Description = "How long each number is held", DefaultValueFactory = _ => 20 };
        var command = new Command("beats", "Measures how many activities can beat once a second, with a heartbeat timeout of 5 s") { Postgres, RabbitMq, counts, seconds };
        command.SetAction(arguments => BeatsCommand.RunAsync(
            arguments.GetValue(Postgres), arguments.GetValue(RabbitMq), arguments.GetValue(counts)!, TimeSpan.FromSeconds(arguments.GetValue(seconds))));
        return command;
    }

    public static Command Recover()
    {
        var runs = new Option<int>("--runs") { Description = "How often each is ended", DefaultValueFactory = _ => 3 };
        var command = new Command("recover", "Measures how long nothing is committed after an engine, the broker or the database has died; servers are private") { runs };
        command.SetAction(arguments => RecoverCommand.RunAsync(arguments.GetValue(runs)));
        return command;
    }

    public static Command Async()
    {
        var windows = new Option<int[]>("--windows")
        {
            Description = "How many workflows are outstanding at once", DefaultValueFactory = _ => [1, 50, 500], AllowMultipleArgumentsPerToken = true,
        };
        var variants = new Option<string[]>("--variants")
        {
            Description = "Which engines take turns", DefaultValueFactory = _ => [Names.SagaFlow, Names.Floor], AllowMultipleArgumentsPerToken = true,
        };
        var seconds = new Option<int>("--seconds") { Description = "How long each run is measured", DefaultValueFactory = _ => 10 };
        var warm = new Option<int>("--warm") { Description = "Seconds of work before anything is measured", DefaultValueFactory = _ => 15 };
        var runs = new Option<int>("--runs") { Description = "How often each window is measured", DefaultValueFactory = _ => 3 };
        var json = new Option<string?>("--json") { Description = "A file for the figures" };
        var command = new Command("async", "Measures whole workflows, from the start to the result, against an engine written by hand")
        {
            Postgres, RabbitMq, windows, variants, seconds, warm, runs, json,
        };
        command.SetAction(arguments => AsyncCommand.RunAsync(arguments.GetValue(Postgres), arguments.GetValue(RabbitMq), new AsyncOptions
        {
            Windows = arguments.GetValue(windows)!,
            Variants = arguments.GetValue(variants)!,
            Span = TimeSpan.FromSeconds(arguments.GetValue(seconds)),
            Warm = TimeSpan.FromSeconds(arguments.GetValue(warm)),
            Runs = arguments.GetValue(runs),
            Json = arguments.GetValue(json),
        }));
        return command;
    }
}
