namespace SagaFlow.Simulation.Oracle;

/// <summary>What a happening does to an activity.</summary>
internal enum Move
{
    None,
    Start,
    Beat,
    Complete,
    TakeLateResult,
    Fail,
    Stop,
    Release,
    Rearm,
    Ring,
    AskToStop,
    StopNow,
    EndWithWorkflow,
    GiveGrace,
}
