using Npgsql;
using SagaFlow.Storage.Postgres;

namespace SagaFlow.Tests.Storage.Postgres;

public sealed class PostgresErrorsTests
{
    public static TheoryData<Exception> Lost =>
    [
        new NpgsqlException("read", new IOException()),
        new ObjectDisposedException("ManualResetEventSlim"),
        new PostgresException("ended", "FATAL", "FATAL", PostgresErrorCodes.AdminShutdown),
    ];

    [Theory]
    [MemberData(nameof(Lost))]
    [Trait("Req", "REL-C4")]
    public void What_the_end_of_a_connection_brings_is_no_refusal_of_the_values(Exception error) =>
        Assert.Equal(Trouble.Lost, PostgresErrors.Judge(error));

    [Fact]
    public void Values_that_the_database_never_takes_are_refused() =>
        Assert.Equal(Trouble.Refused, PostgresErrors.Judge(new PostgresException("too long", "ERROR", "ERROR", PostgresErrorCodes.StringDataRightTruncation)));
}
