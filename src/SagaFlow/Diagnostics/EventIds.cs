namespace SagaFlow.Diagnostics;

/// <summary>The engine's log event ids: 1000s workflows, 1100s activities and answers, 1200s timeouts, 1300s dispatch, 1400s storage, 1500s hosting.</summary>
internal static class EventIds
{
    public const int WorkflowCodeFaulted = 1000;
    public const int MessageSettled = 1001;
    public const int TurnConflicted = 1002;
    public const int InternalMessageForged = 1003;
    public const int StartRefused = 1004;
    public const int GroupJoined = 1005;
    public const int KeptMessageDropped = 1006;
    public const int WorkflowNotReadable = 1007;

    public const int AnswerSettled = 1100;
    public const int MessageQuarantined = 1101;
    public const int ReplyNotSent = 1102;
    public const int ActivityNearItsDeadline = 1150;
    public const int OpenWaitsNotRead = 1151;
    public const int HeartbeatUnheard = 1103;
    public const int UnknownAnswerLeftAside = 1104;
    public const int UnknownAnswerNotTried = 1105;
    public const int UnknownAnswerKeptAside = 1106;

    public const int DeadlineRang = 1200;
    public const int SweepFailed = 1201;
    public const int AlarmRebuilt = 1202;
    public const int NearDeadlineNotArmed = 1203;
    public const int WorkflowDeadlineRang = 1204;
    public const int TimerRang = 1205;
    public const int RingLeftToAnother = 1206;

    public const int OutgoingNotSent = 1300;
    public const int OutgoingNotDeleted = 1301;
    public const int SendingInterrupted = 1302;
    public const int OutboxNotSwept = 1303;
    public const int SendingRecycled = 1304;
    public const int TaskQueueUnattended = 1305;
    public const int TaskQueuesNotRead = 1306;

    public const int DatabaseAway = 1400;
    public const int DatabaseBack = 1401;
    public const int CommitterFailed = 1402;
    public const int SchemaPrepared = 1403;

    public const int EngineStarted = 1500;
    public const int AttemptsDispatchedAgain = 1501;
    public const int DeadlinesMoved = 1502;
    public const int AliveNotSaid = 1503;
    public const int TokenKeysChanged = 1504;
    public const int TokenKeysRefused = 1505;
}
