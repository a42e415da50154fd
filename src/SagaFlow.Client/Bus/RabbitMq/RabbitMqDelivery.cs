namespace SagaFlow.Client.Bus.RabbitMq;

/// <summary>A delivery in hand: it can be settled only on the session that it came by.</summary>
internal sealed record RabbitMqDelivery(RabbitMqConsumerSession Session, ulong Tag, RawMessage Message);
