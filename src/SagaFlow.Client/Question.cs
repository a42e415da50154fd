namespace SagaFlow.Client;

/// <summary>A message that wants a receipt.</summary>
/// <param name="Id">The message's id, which also says what the receipt belongs to.</param>
/// <param name="Body">The bytes.</param>
/// <param name="What">What it is, for error messages, such as <c>completed answer</c>.</param>
internal sealed record Question(Guid Id, ReadOnlyMemory<byte> Body, string What);
