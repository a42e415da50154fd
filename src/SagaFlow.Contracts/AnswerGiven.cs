namespace SagaFlow.Contracts;

/// <summary>What is known of an answer before its body is read: the kind from the route or the message type, the token from the
/// <c>Authorization</c> header. The body need not repeat it, and must not contradict it.</summary>
internal readonly record struct AnswerGiven(AnswerKind? Kind, string? TaskToken);
