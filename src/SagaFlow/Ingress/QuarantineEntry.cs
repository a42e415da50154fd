namespace SagaFlow;

/// <summary>A message that the engine put aside.</summary>
/// <param name="Id">Its id in the quarantine.</param>
/// <param name="Queue">The queue it came from.</param>
/// <param name="ContentType">What it claimed to be.</param>
/// <param name="Body">The first 64 KiB of its body as text, task tokens cut out. It is a stranger's: escape it before it is shown.</param>
/// <param name="Reason">Why it is here, beginning with a word such as <c>json</c> or <c>unknown_workflow</c>.</param>
/// <param name="Sender">The user whom the broker verified (AMQP <c>user_id</c>) and the application that the sender named (<c>app_id</c>);
/// <see langword="null"/> when the message said neither.</param>
/// <param name="At">When it came.</param>
public sealed record QuarantineEntry(Guid Id, string Queue, string ContentType, string Body, string Reason, string? Sender, DateTimeOffset At);
