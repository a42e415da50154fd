using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;
using SagaFlow.Client;
using SagaFlow.Contracts;

namespace SagaFlow.Tests.Client;

public sealed class StartRetryTests
{
    private readonly ManualTimeProvider _clock = new();

    public static TheoryData<Exception> Passing =>
    [
        new ServerAwayException("away", new SocketException()),
        new NpgsqlException("read", new IOException()),
        Postgres(PostgresErrorCodes.AdminShutdown),
        Postgres(PostgresErrorCodes.CannotConnectNow),
        Postgres(PostgresErrorCodes.TooManyConnections),
        Postgres(PostgresErrorCodes.DiskFull),
        new InvalidOperationException("likely due to a transient failure", Postgres(PostgresErrorCodes.CrashShutdown)),
        new BrokerUnreachableException(new IOException()),
        Broker(Constants.ConnectionForced),
        Broker(Constants.NotFound),
        new MassTransit.ConnectionException("closed"),
        new TimeoutException(),
        new OperationCanceledException(),
        new ObjectDisposedException("ManualResetEventSlim"),
    ];

    public static TheoryData<Exception> Lasting =>
    [
        new SagaFlowException("a newer schema", new IOException()),
        Postgres(PostgresErrorCodes.InvalidPassword),
        Postgres(PostgresErrorCodes.InvalidCatalogName),
        Postgres(PostgresErrorCodes.InsufficientPrivilege),
        new BrokerUnreachableException(new AuthenticationFailureException("no")),
        Broker(Constants.AccessRefused),
        Broker(Constants.NotAllowed),
        Broker(Constants.PreconditionFailed),
        new MassTransit.ConnectionException("closed", Broker(Constants.AccessRefused)),
        new InvalidOperationException("a mistake in the code"),
    ];

    [Theory]
    [MemberData(nameof(Passing))]
    [Trait("Req", "REL-D1")]
    [Trait("Req", "REL-B1")]
    public async Task A_server_that_is_away_is_waited_for_and_the_step_begins_anew(Exception away)
    {
        var tries = 0;

        var running = NewRetry().RunAsync(_ => ++tries < 3 ? Task.FromException(away) : Task.CompletedTask, default);
        await PassAsync(StartRetry.Pause);
        await PassAsync(StartRetry.Pause);
        await running;

        Assert.Equal(3, tries);
    }

    [Theory]
    [MemberData(nameof(Lasting))]
    [Trait("Req", "REL-4.6-67")]
    public async Task What_waiting_does_not_cure_comes_out_at_once(Exception lasting)
    {
        var tries = 0;

        var error = await Record.ExceptionAsync(() => NewRetry().RunAsync(_ => ++tries > 0 ? Task.FromException(lasting) : Task.CompletedTask, default));

        Assert.Same(lasting, error);
        Assert.Equal(1, tries);
    }

    [Fact]
    public async Task After_two_minutes_the_start_is_given_up_with_one_line_that_names_the_reason()
    {
        var tries = 0;
        var running = NewRetry().RunAsync(_ => Task.FromException(++tries > 0 ? new NpgsqlException("failed", new IOException("no\nroute")) : null!), default);

        for (var passed = TimeSpan.Zero; passed < StartRetry.Patience; passed += StartRetry.Pause)
        {
            Assert.False(running.IsCompleted);
            await PassAsync(StartRetry.Pause);
        }

        var error = await Assert.ThrowsAsync<SagaFlowException>(() => running);
        Assert.Equal("no route. The start has waited 2 minutes for that and is given up.", error.Message);
        Assert.Equal((StartRetry.Patience / StartRetry.Pause) + 1, tries);
    }

    [Fact]
    public async Task A_start_that_is_called_off_waits_no_longer()
    {
        using var off = new CancellationTokenSource();

        var running = NewRetry().RunAsync(_ => Task.FromException(new TimeoutException()), off.Token);
        await off.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    private StartRetry NewRetry() => new(_clock, NullLogger<StartRetry>.Instance);

    private async Task PassAsync(TimeSpan time)
    {
        await _clock.TimerInAsync(time);
        _clock.Advance(time);
    }

    private static PostgresException Postgres(string state) => new("message", "FATAL", "FATAL", state);

    private static OperationInterruptedException Broker(ushort code) => new(new ShutdownEventArgs(ShutdownInitiator.Peer, code, "reason"));
}
