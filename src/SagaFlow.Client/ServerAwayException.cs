namespace SagaFlow.Client;

/// <summary>A server cannot be reached now; waiting may help.</summary>
/// <remarks>No <see cref="Contracts.SagaFlowException"/>: a message that meets it is delivered again, and not put aside.</remarks>
internal sealed class ServerAwayException(string message, Exception cause) : IOException(message, cause);
