using System.Net.Sockets;
using Npgsql;
using SagaFlow.Client;
using SagaFlow.Contracts;

namespace SagaFlow.Storage.Postgres;

/// <summary>What an error of the database means for whoever met it.</summary>
internal enum Trouble
{
    /// <summary>The connection is gone. Whether the statement took place is not known.</summary>
    Lost,

    /// <summary>The database cannot work now: no connection, no space, no right. Nothing took place; it may pass.</summary>
    Away,

    /// <summary>Another transaction was in the way: the same statement will find its way, or another answer.</summary>
    Collision,

    /// <summary>A lock was waited for too long.</summary>
    Locked,

    /// <summary>The statement took too long.</summary>
    Slow,

    /// <summary>The database will never take these values.</summary>
    Refused,
}

/// <summary>Tells passing errors from lasting ones, and puts those that a person must see into one line.</summary>
internal static class PostgresErrors
{
    /// <summary>Judges by the class of the error and its SQLSTATE.</summary>
    public static Trouble Judge(Exception error) => error switch
    {
        PostgresException { SqlState: var state } => Judge(state),
        // The last: a command that met the end of its connection halfway.
        NpgsqlException or IOException or TimeoutException or SocketException or ObjectDisposedException => Trouble.Lost,
        _ => Trouble.Refused,
    };

    /// <summary>Puts why a start cannot use the database into one line, and says by its type whether waiting may help.</summary>
    public static Exception NotUsable(string where, Exception cause)
    {
        var message = $"PostgreSQL at {where} cannot be used: {cause.Message}";
        return PassingErrors.Is(cause) ? new ServerAwayException(message, cause) : new SagaFlowException(message, cause);
    }

    public static SagaFlowException Newer(string schema, int found, int known) =>
        new($"The PostgreSQL schema '{schema}' has version {found}; this engine knows versions up to {known}. Use a newer SagaFlow, or name another schema. Nothing was changed.");

    public static SagaFlowException MayNotPrepare(string schema, int found, int known, Exception cause) =>
        new($"The PostgreSQL schema '{schema}' has version {found} and this engine needs version {known}, but its role may not change it ({cause.Message}). "
            + $"Have an owner run the script that {nameof(SagaFlowSchema)}.{nameof(SagaFlowSchema.Script)}(\"{schema}\", fromVersion: {found}) prints. Nothing was changed.", cause);

    public static SagaFlowException Refused(Guid workflowId, PostgresException cause) =>
        new($"PostgreSQL refuses the changes of workflow {workflowId}: {cause.MessageText} (SQLSTATE {cause.SqlState}). Nothing of them was written; trying again cannot help.", cause);

    private static Trouble Judge(string state) => state switch
    {
        PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.UniqueViolation => Trouble.Collision,
        PostgresErrorCodes.LockNotAvailable => Trouble.Locked,
        PostgresErrorCodes.QueryCanceled => Trouble.Slow,
        _ => state[..2] switch
        {
            // Connection, operator's intervention, system error, internal error: the session may have ended behind the commit.
            "08" or "57" or "58" or "XX" => Trouble.Lost,
            "22" or "23" or "54" => Trouble.Refused,
            _ => Trouble.Away,
        },
    };
}
