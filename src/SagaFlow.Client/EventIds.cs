namespace SagaFlow.Client;

/// <summary>The client's event ids: 2000 to 2999, unique across all projects.</summary>
internal static class EventIds
{
    public const int DeliveryFailed = 2000;
    public const int BrokerUnreachable = 2001;
    public const int BrokerReached = 2002;
    public const int MessageReturned = 2003;
    public const int NotDeclared = 2004;
    public const int ConsumerInterrupted = 2005;
    public const int DeliveryNotPutBack = 2006;
    public const int StartWaits = 2007;
    public const int BrokerBlocked = 2008;
    public const int BrokerTakesMessages = 2009;
    public const int ReplyUnexpected = 2100;
    public const int SendFailed = 2101;
    public const int HttpCallPostponed = 2102;
    public const int CancellationUnreadable = 2200;
    public const int ListeningNotEnded = 2201;
}
