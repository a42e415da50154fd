using System.Text;
using System.Text.Json;
using SagaFlow.Contracts;
using SagaFlow.Simulation.Counting;
using SagaFlow.Simulation.Oracle;
using SagaFlow.Simulation.Workload;
using SagaFlow.Storage;
using SagaFlow.Testing;

namespace SagaFlow.Simulation.Pipe;

/// <summary>The services that answer real requests with real tokens, as JSON through the door that the broker uses.</summary>
internal sealed class PipeWorkers(PipeWorld world)
{
    private const int MostHeartbeats = 3;

    private static readonly Fault[] Tricks =
    [
        Fault.FailRetryable, Fault.FailFinal, Fault.NeverAnswer, Fault.AnswerLate, Fault.AnswerAtEdge, Fault.AnswerTwice, Fault.AnswerTwiceDifferently,
        Fault.OlderToken, Fault.HeartbeatsStop, Fault.HeartbeatAfterClose, Fault.TamperedToken, Fault.BrokenToken, Fault.Oversize, Fault.Released,
    ];

    private readonly Dictionary<string, ActivityRequest> _taken = new(StringComparer.Ordinal);

    public void Receive(PipeMessage message)
    {
        var request = message.Request!;
        var name = $"{message.Program.Index}/{request.ActivityId}/{request.Attempt}/{world.Process.Life}";
        if (!_taken.TryAdd(name, request))
        {
            return;
        }

        Behave(message.Program, request, ChooseTrick(message.Program));
    }

    /// <summary>The holder of a token is told to stop: mostly it says that it did.</summary>
    public void Stop(Program program, ActivityCancellation cancellation)
    {
        var name = $"{program.Index}/{cancellation.ActivityId}/{cancellation.Attempt}/{world.Process.Life}";
        if (_taken.TryGetValue(name, out var request) && !world.Happens(Fault.CancelIgnored, program) && program.Rng.Chance(0.7))
        {
            Send(program, request, AnswerKind.Canceled, program.Rng.LogUniform(1, Spans.Second));
        }
    }

    private Fault? ChooseTrick(Program program)
    {
        var dice = program.Rng.NextDouble();
        foreach (var trick in Tricks)
        {
            dice -= world.Likelihood(trick);
            if (dice < 0)
            {
                return world.Confirm(trick, program) ? trick : null;
            }
        }

        return null;
    }

    private void Behave(Program program, ActivityRequest request, Fault? trick)
    {
        var rng = program.Rng;
        var limit = Limit(request);
        var takes = rng.LogUniform(1, Math.Max(2, Math.Min(limit, 10 * Spans.Minute) / 4));
        if (takes > Spans.Second / 4 || request.ScheduleToStartTimeoutMs is not null || trick is Fault.NeverAnswer or Fault.HeartbeatsStop)
        {
            Send(program, request, AnswerKind.Started, 0);
        }

        Beat(program, request, takes);
        switch (trick)
        {
            case Fault.NeverAnswer or Fault.HeartbeatsStop:
                break;
            case Fault.FailRetryable or Fault.FailFinal:
                Fail(program, request, takes, Answers.Failures[trick == Fault.FailFinal ? 1 + rng.Below(2) : rng.Pick<int>([0, 3, 4])]);
                break;
            case Fault.Released:
                Send(program, request, AnswerKind.Released, takes, x => x with { Checkpoint = Number(7), MessageId = $"released-{request.Attempt}" });
                break;
            case Fault.AnswerLate:
                Complete(program, request, limit + rng.LogUniform(1, Spans.Minute), 1);
                break;
            case Fault.AnswerAtEdge when request.ScheduleToCloseDeadline is { } deadline:
                world.Broker.SendExactly(Answer(program, request, Completed(request, 1)), Spans.At(deadline) + ((rng.Below(3) - 1) * world.Plan.Grain));
                break;
            default:
                Complete(program, request, takes, 1);
                Annoy(program, request, takes, trick);
                break;
        }
    }

    private void Beat(Program program, ActivityRequest request, long takes)
    {
        if (request.HeartbeatTimeoutMs is { } timeout)
        {
            var every = Math.Max(1, timeout * Spans.Millisecond / 2);
            for (var i = 1; i <= MostHeartbeats && i * every < takes; i++)
            {
                var number = i;
                Send(program, request, AnswerKind.Heartbeat, i * every, x => x with { Sequence = number, Checkpoint = Number(number) });
            }
        }
    }

    private void Annoy(Program program, ActivityRequest request, long takes, Fault? trick)
    {
        var after = takes + program.Rng.LogUniform(1, Spans.Minute);
        switch (trick)
        {
            case Fault.AnswerTwice:
                Complete(program, request, after, 1);
                break;
            case Fault.AnswerTwiceDifferently:
                Complete(program, request, after, 2);
                Fail(program, request, after, Answers.Failures[0]);
                break;
            case Fault.HeartbeatAfterClose:
                Send(program, request, AnswerKind.Heartbeat, after, x => x with { Sequence = 99 });
                break;
            case Fault.OlderToken when _taken.TryGetValue($"{program.Index}/{request.ActivityId}/{request.Attempt - 1}/{world.Process.Life}", out var older):
                Complete(program, older, takes / 2, 3);
                break;
            case Fault.TamperedToken:
                Refused(program, Completed(request, 4) with { TaskToken = Worlds.TokenDesk.Tamper(request.TaskToken) }, takes / 2, Disposition.InvalidToken);
                break;
            case Fault.BrokenToken:
                Refused(program, Completed(request, 4) with { TaskToken = "not a token" }, takes / 2, Disposition.Malformed);
                break;
            case Fault.Oversize:
                var large = JsonSerializer.SerializeToElement(new string('x', WireLimits.BodyBytes + 1));
                Refused(program, Completed(request, 4) with { Result = large }, takes / 2, Disposition.TooLarge);
                break;
        }
    }

    private void Refused(Program program, ActivityAnswer answer, long after, Disposition refusal)
    {
        var text = RawAnswer(answer);
        var body = Encoding.UTF8.GetBytes(text);
        world.Broker.Send(
            new PipeMessage(program, $"bad {answer.Kind}", async engine => await engine.Get<AnswerGate>().SendAsync(body)) { Told = ToldKind.Answer, Refusal = refusal, Body = text },
            world.Now + after);
    }

    // Our own writer refuses what is too large; a stranger's does not.
    private static string RawAnswer(ActivityAnswer answer) => JsonSerializer.Serialize(new
    {
        kind = "completed",
        taskToken = answer.TaskToken,
        result = answer.Result,
    });

    private void Complete(Program program, ActivityRequest request, long after, int content) =>
        world.Broker.Send(Answer(program, request, Completed(request, content)), world.Now + after);

    private void Fail(Program program, ActivityRequest request, long after, ActivityFailure failure) =>
        Send(program, request, AnswerKind.Failed, after, x => x with { Failure = failure, MessageId = $"failed-{request.Attempt}" });

    private void Send(Program program, ActivityRequest request, AnswerKind kind, long after, Func<ActivityAnswer, ActivityAnswer>? with = null)
    {
        var answer = new ActivityAnswer { Kind = kind, TaskToken = request.TaskToken };
        world.Broker.Send(Answer(program, request, with is null ? answer : with(answer)), world.Now + after);
    }

    private static ActivityAnswer Completed(ActivityRequest request, int content) =>
        new() { Kind = AnswerKind.Completed, TaskToken = request.TaskToken, Result = Number((request.Attempt * 8) + content) };

    private static PipeMessage Answer(Program program, ActivityRequest request, ActivityAnswer answer)
    {
        var body = WireJson.Write(answer);
        var isOfActivity = program.Activities[program.IndexOf(request.ActivityId)].Policy.TokenScope == TokenScope.Activity;
        var needsInbox = isOfActivity && answer.Kind is AnswerKind.Failed or AnswerKind.Released;
        return new PipeMessage(program, $"{answer.Kind} of {request.ActivityId} attempt {request.Attempt}", async engine => await engine.Get<AnswerGate>().SendAsync(body))
        {
            Told = ToldKind.Answer,
            Once = isOfActivity && needsInbox
                ? Journal.InboxName(new InboxKey($"answers/{request.ActivityId}", program.Id, WireIds.Answer(answer)))
                : null,
            Cause = new PipeCause(request.ActivityId, new Happening(KindOf(answer.Kind))
            {
                Attempt = isOfActivity ? 0 : request.Attempt,
                Hash = WireIds.BodyHash(answer),
                Result = answer.Result?.GetRawText(),
                Checkpoint = answer.Checkpoint?.GetRawText(),
                Sequence = answer.Sequence,
                FailureType = answer.Failure?.Type,
                Retryable = answer.Failure?.Retryable ?? true,
                ChosenDelay = answer.Failure?.NextRetryDelay?.Ticks,
            }),
        };
    }

    private static long Limit(ActivityRequest request)
    {
        var limit = request.StartToCloseTimeoutMs is { } timeout ? timeout * Spans.Millisecond : Spans.Hour;
        return request.ScheduleToCloseDeadline is { } deadline ? Math.Min(limit, Spans.At(deadline) - Spans.At(request.ScheduledAt)) : limit;
    }

    private static HappeningKind KindOf(AnswerKind kind) => kind switch
    {
        AnswerKind.Started => HappeningKind.Started,
        AnswerKind.Heartbeat => HappeningKind.Heartbeat,
        AnswerKind.Completed => HappeningKind.Completed,
        AnswerKind.Failed => HappeningKind.Failed,
        AnswerKind.Canceled => HappeningKind.CancelAcknowledged,
        _ => HappeningKind.Released,
    };

    private static JsonElement Number(int value) => JsonSerializer.SerializeToElement(value);
}
