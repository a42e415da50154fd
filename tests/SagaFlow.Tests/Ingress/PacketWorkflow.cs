using MassTransit;

namespace SagaFlow.Tests.Ingress;

/// <summary>A workflow whose start message has parts within parts, and that can be told to break.</summary>
public sealed class PacketWorkflow : WorkflowStateMachine<PacketInstance>
{
    public PacketWorkflow()
    {
        StartedBy(() => PacketSent, x =>
        {
            x.BusinessKey(m => m.Packet.Id);
            x.Timeout(m => m.Limits is { } limits ? TimeSpan.FromMinutes(limits.Longest!.Minutes) : null);
            x.Retry(r =>
            {
                r.MaximumAttempts = 2;
                r.InitialInterval = TimeSpan.FromMinutes(1);
            });
        });
        SignaledBy(() => PacketRecalled, x => x.BusinessKey(m => m.Id));

        Activity(() => Carry, a =>
        {
            a.StartToCloseTimeout = TimeSpan.FromHours(1);
            a.HeartbeatTimeout = TimeSpan.FromMinutes(10);
            a.Retry.MaximumAttempts = 2;
            a.Retry.InitialInterval = TimeSpan.FromMinutes(1);
        });

        Initially(
            When(PacketSent)
                .Then(x => x.Saga.Check(x.Message))
                .ExecuteActivity(Carry, x => x.Message.Packet.Id)
                .TransitionTo(Carry.Pending));

        During(Carry.Pending,
            When(Carry.Completed).Complete(x => x.Message.Result),
            When(Carry.Failed).Fail(x => x.Message.Failure.Message),
            When(PacketRecalled).Fail(x => x.Message.Reason));
    }

    public Event<PacketSent> PacketSent { get; private set; } = null!;

    public Event<PacketRecalled> PacketRecalled { get; private set; } = null!;

    public Activity<string, Carried> Carry { get; private set; } = null!;
}

public sealed class PacketInstance : WorkflowInstance
{
    public void Check(PacketSent message)
    {
        if (message.Packet.Payload == "broken")
        {
            throw new InvalidOperationException("Broken on purpose", new TimeoutException("The scale is away"));
        }
    }
}

public enum Speed
{
    Slow,
    Fast,
}

public sealed record Packet(string Id, string Payload, Guid? Owner = null, DateTimeOffset? SentAt = null);
public sealed record Longest(int Minutes);
public sealed record Limits(Longest? Longest = null);
public sealed record PacketSent(Packet Packet, int Tries, Speed Speed = Speed.Slow, IReadOnlyList<Packet>? More = null, Limits? Limits = null);
public sealed record PacketRecalled(string Id, string Reason);
public sealed record Carried(string By, int Days);
