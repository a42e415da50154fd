using System.Data.Common;
using System.Net.Sockets;
using MassTransit;
using RabbitMQ.Client.Exceptions;
using SagaFlow.Client.Bus.RabbitMq;
using SagaFlow.Contracts;

namespace SagaFlow.Client;

/// <summary>Tells, for a start, a server that is away or leaving from one that says no.</summary>
internal static class PassingErrors
{
    // Classes of SQLSTATE: connection, rolled back, resources, in use, operator's intervention (a server that ends or begins), system, internal.
    private static readonly string[] Passing = ["08", "40", "53", "55", "57", "58", "XX"];

    public static bool Is(Exception exception)
    {
        if (RabbitMqErrors.IsRefusal(exception) || RabbitMqErrors.IsOtherwise(exception))
        {
            return false;
        }

        for (var current = exception; current is not null; current = current.InnerException)
        {
            if (Judge(current) is { } isPassing)
            {
                return isPassing;
            }
        }

        return false;
    }

    // Null: its cause decides.
    private static bool? Judge(Exception exception) => exception switch
    {
        SagaFlowException => false,
        DbException { SqlState: { Length: 5 } state } => Passing.Contains(state[..2], StringComparer.Ordinal),
        DbException { IsTransient: true } => true,
        RabbitMQClientException or ConnectionException or IOException or SocketException or TimeoutException => true,

        // Not the start's own: somebody gave up whose connection ended, or a client used its connection when that had just ended.
        OperationCanceledException or ObjectDisposedException => true,
        _ => null,
    };
}
