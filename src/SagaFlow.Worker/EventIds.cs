namespace SagaFlow.Worker;

/// <summary>The worker's event ids: 3000 to 3999, unique across all projects.</summary>
internal static class EventIds
{
    public const int WorkerStarted = 3000;
    public const int WorkerStopped = 3001;
    public const int WorkerEnded = 3002;
    public const int PoolResized = 3003;
    public const int StopCallbackThrew = 3004;
    public const int StopIncomplete = 3005;
    public const int ObserverThrew = 3006;
    public const int StopCallbackBlocks = 3007;
    public const int RequestUnreadable = 3100;
    public const int RequestRepeated = 3101;
    public const int ClaimRejected = 3102;
    public const int AttemptFailed = 3200;
    public const int AttemptReleased = 3201;
    public const int HandlerThrewAfterItsAnswer = 3202;
    public const int AnswerNotAccepted = 3300;
    public const int HeartbeatNotSent = 3301;
    public const int CancelCallbackThrew = 3302;
    public const int AnswerGivenUp = 3303;
    public const int AnswerSentByHttp = 3304;
    public const int HttpRefused = 3305;
}
