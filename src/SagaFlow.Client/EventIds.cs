namespace SagaFlow.Client;

/// <summary>The client's event ids: 2000 to 2999, unique across all projects.</summary>
internal static class EventIds
{
    public const int DeliveryFailed = 2000;
    public const int ReplyUnexpected = 2100;
    public const int SendFailed = 2101;
    public const int CancellationUnreadable = 2200;
}
