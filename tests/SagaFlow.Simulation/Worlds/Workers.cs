using SagaFlow.Activities;
using SagaFlow.Contracts;
using SagaFlow.Simulation.Counting;
using SagaFlow.Simulation.Oracle;
using SagaFlow.Simulation.Workload;

namespace SagaFlow.Simulation.Worlds;

/// <summary>The services that answer requests: most do their work, some do what services do.</summary>
internal sealed class Workers(World world)
{
    // What a bad token is, so that the judge of it need not read it.
    public const int TamperedToken = 1;
    public const int WeakToken = 2;
    public const int BrokenToken = 3;
    public const int ForeignToken = 4;

    private const long StartedAfter = 250 * Spans.Millisecond;
    private const int MostHeartbeats = 4;
    private const double RepeatsDropped = 0.85;

    private static readonly Fault[] Tricks =
    [
        Fault.FailRetryable, Fault.FailFinal, Fault.NeverAnswer, Fault.AnswerLate, Fault.AnswerAtEdge, Fault.AnswerTwice,
        Fault.AnswerTwiceDifferently, Fault.OlderToken, Fault.HeartbeatsStop, Fault.HeartbeatAfterClose, Fault.WithoutStarted,
        Fault.TamperedToken, Fault.ForeignToken, Fault.WeakToken, Fault.BrokenToken, Fault.Oversize, Fault.WorkerCrash, Fault.Released,
    ];

    /// <summary>Gives a request its token, where this workflow has real ones.</summary>
    public static Message WithToken(Message request)
    {
        if (!request.Workflow.UsesTokens)
        {
            return request;
        }

        var state = request.Workflow.Activities[request.Activity].State;
        return request with { Token = TokenDesk.Mint(state with { Attempt = request.Attempt }) };
    }

    public void Receive(Message message)
    {
        if (message.Kind == MessageKind.CancelPush)
        {
            Stop(message);
            return;
        }

        var row = message.Workflow.Activities[message.Activity];
        if (row.TakenAttempt >= message.Attempt && row.TakenInLife == Life && message.Workflow.Rng.Chance(RepeatsDropped))
        {
            // A repeat is dropped inside one process; now and then it comes to another one.
            return;
        }

        (row.TakenAttempt, row.TakenInLife) = (message.Attempt, Life);

        Behave(new Attempt(world, row, message), ChooseTrick(message.Workflow));
    }

    // A worker in the engine's own process dies with it, and forgets what it had taken.
    private int Life => world.Engines.IsForgetful ? world.Engines.Life : 0;

    private Fault? ChooseTrick(WorkflowRow workflow)
    {
        if (world.IsHealed)
        {
            return null;
        }

        var dice = workflow.Rng.NextDouble();
        foreach (var trick in Tricks)
        {
            dice -= world.Likelihood(trick);
            if (dice < 0)
            {
                return world.Confirm(trick, workflow) ? trick : null;
            }
        }

        return null;
    }

    private void Behave(Attempt attempt, Fault? trick)
    {
        switch (trick)
        {
            case Fault.WorkerCrash:
                attempt.Forget();
                world.Broker.SendExactly(attempt.Request, world.Now + attempt.Rng.LogUniform(Spans.Second, Spans.Minute));
                return;
            case Fault.NeverAnswer:
                attempt.StartMaybe();
                return;
            case Fault.AnswerAtEdge:
                attempt.AnswerAtEdge();
                return;
        }

        attempt.Work(trick);
        attempt.Finish(trick);
    }

    private void Stop(Message push)
    {
        var rng = push.Workflow.Rng;
        if (world.Happens(Fault.CancelIgnored, push.Workflow) || rng.Chance(0.3))
        {
            return;
        }

        var attempt = new Attempt(world, push.Workflow.Activities[push.Activity], WithToken(push));
        attempt.Send(AnswerKind.Canceled, rng.LogUniform(1, Spans.Second));
    }

    /// <summary>One worker's work on one request.</summary>
    private sealed class Attempt
    {
        private readonly World _world;
        private readonly ActivityRow _row;
        private readonly long _takes;
        private int _sent;

        public Attempt(World world, ActivityRow row, Message request)
        {
            (_world, _row, Request) = (world, row, request);
            var terms = row.Policy.Terms;
            var limit = Shortest(Shortest(10 * Spans.Minute, terms.StartToClose), terms.ScheduleToClose) / 4;
            _takes = Rng.LogUniform(Spans.Millisecond / 10, Math.Max(Spans.Millisecond / 5, limit));
            if (terms.Heartbeat != Terms.None)
            {
                _takes = Math.Min(_takes, Math.Max(1, terms.Heartbeat / 2 * MostHeartbeats));
            }
        }

        public Message Request { get; }

        public Randomness.Rng Rng => Request.Workflow.Rng;

        private long ScopeAttempt => _row.Policy.Policy.TokenScope == TokenScope.Activity ? 0 : Request.Attempt;

        public void Forget() => _row.TakenAttempt = 0;

        // Whoever keeps a delivery without a word gets it again: only a deadline ends such a wait.
        public void StartMaybe()
        {
            var terms = _row.Policy.Terms;
            if (Rng.Chance(0.7) || (terms.ScheduleToClose == Terms.None && terms.ScheduleToStart == Terms.None))
            {
                Send(AnswerKind.Started, 0);
            }
        }

        /// <summary>Signs of life on the way to the answer.</summary>
        public void Work(Fault? trick)
        {
            var terms = _row.Policy.Terms;
            var early = terms.ScheduleToStart != Terms.None;
            if ((early || _takes > StartedAfter) && trick != Fault.WithoutStarted)
            {
                var after = early ? 0 : StartedAfter;
                Send(AnswerKind.Started, after, x => x with { RunningFor = after });
            }

            if (terms.Heartbeat != Terms.None)
            {
                for (var (i, at) = (1, terms.Heartbeat / 2); i <= MostHeartbeats && at < _takes; i++, at += terms.Heartbeat / 2)
                {
                    Beat(at, i);
                }
            }
        }

        public void Finish(Fault? trick)
        {
            switch (trick)
            {
                case Fault.FailRetryable:
                    Fail(Answers.Failures[Rng.Pick<int>([0, 0, 0, 3, 4, 5, 6])]);
                    break;
                case Fault.FailFinal:
                    Fail(Answers.Failures[Rng.Pick<int>([1, 2])]);
                    break;
                case Fault.HeartbeatsStop:
                    Send(AnswerKind.Started, 0);
                    break;
                case Fault.Released:
                    Send(AnswerKind.Released, _takes, x => x with { Checkpoint = Answers.Checkpoint(Rng.Below(8)) });
                    break;
                case Fault.AnswerLate:
                    Complete(Late(), 1);
                    break;
                default:
                    Complete(_takes, 1);
                    Annoy(trick);
                    break;
            }
        }

        /// <summary>An answer that arrives at the very instant of a deadline, or a tick beside it.</summary>
        public void AnswerAtEdge()
        {
            var terms = _row.Policy.Terms;
            SendExactly(Make(AnswerKind.Started), _world.Now);
            var edge = terms.StartToClose != Terms.None ? _world.Now + terms.StartToClose
                : terms.ScheduleToClose != Terms.None ? Spans.At(_row.State.ScheduledAt) + terms.ScheduleToClose
                : _world.Now + _takes;
            var answer = Rng.Chance(0.7) ? Completed(1) : Make(AnswerKind.Failed) with { Failure = Answers.Failures[0], Hash = Answers.Hash(7) };
            SendExactly(answer, edge + Rng.Below(3) - 1);
        }

        public void Send(AnswerKind kind, long after, Func<Message, Message>? with = null)
        {
            var answer = Make(kind);
            _world.Broker.SendAt(with is null ? answer : with(answer), _world.Now + after);
        }

        private void Beat(long after, int number) => Send(AnswerKind.Heartbeat, after, x => x with
        {
            Sequence = Rng.Chance(0.8) ? number : null,
            Checkpoint = Rng.Chance(0.5) ? Answers.Checkpoint(number) : null,
        });

        private void Complete(long after, int content) => _world.Broker.SendAt(Completed(content), _world.Now + after);

        private void Fail(ActivityFailure failure) => Send(AnswerKind.Failed, _takes, x => x with
        {
            Failure = failure,
            Hash = Answers.Hash(8 + Rng.Below(3)),
            Checkpoint = Rng.Chance(0.2) ? Answers.Checkpoint(9) : null,
        });

        // Beside the proper answer.
        private void Annoy(Fault? trick)
        {
            var after = _takes + (Rng.Chance(0.5) ? 0 : Rng.LogUniform(1, Spans.Minute));
            switch (trick)
            {
                case Fault.AnswerTwice:
                    Complete(after, 1);
                    break;
                case Fault.AnswerTwiceDifferently:
                    if (Rng.Chance(0.5))
                    {
                        Complete(after, 2);
                    }
                    else
                    {
                        Fail(Answers.Failures[0]);
                    }

                    break;
                case Fault.HeartbeatAfterClose:
                    Send(Rng.Chance(0.5) ? AnswerKind.Heartbeat : AnswerKind.Started, after, x => x with { Sequence = 99 });
                    break;
                case Fault.Oversize:
                    Send(AnswerKind.Completed, Earlier(), x => x with { IsTooLarge = true });
                    break;
                case Fault.OlderToken when Request.Attempt > 1 && ScopeAttempt != 0:
                    _world.Broker.SendAt(Completed(3) with { Attempt = Request.Attempt - 1, Token = OlderToken() }, _world.Now + Earlier());
                    break;
                case Fault.TamperedToken or Fault.ForeignToken or Fault.WeakToken or Fault.BrokenToken:
                    SendBadToken(trick.Value);
                    break;
            }
        }

        private void SendBadToken(Fault trick)
        {
            var state = _row.State;
            var (token, number) = trick switch
            {
                Fault.TamperedToken => (TokenDesk.Tamper(TokenDesk.Mint(state)), TamperedToken),
                Fault.ForeignToken => (TokenDesk.Foreign(state), ForeignToken),
                Fault.WeakToken => (TokenDesk.Weak(state), WeakToken),
                _ => ("not a token", BrokenToken),
            };
            _world.Broker.SendAt(Completed(4) with { Token = token, Number = number }, _world.Now + Earlier());
        }

        private long Earlier() => (long)(_takes * Rng.NextDouble());

        private long Late()
        {
            var terms = _row.Policy.Terms;
            var limit = Shortest(Shortest(Shortest(Spans.Hour, terms.StartToClose), terms.ScheduleToClose), terms.Heartbeat);
            return limit + Rng.LogUniform(1, Math.Max(2, limit));
        }

        private string? OlderToken() => Request.Token is null ? null : TokenDesk.Mint(_row.State with { Attempt = Request.Attempt - 1 });

        private Message Completed(int content) =>
            Make(AnswerKind.Completed) with { Result = Answers.Result((Request.Attempt * 8) + content), Hash = Answers.Hash((Request.Attempt * 8) + content) };

        private Message Make(AnswerKind kind) => new(MessageKind.Answer, Request.Workflow)
        {
            Id = (Request.Attempt * 16L) + (++_sent & 15),
            Answer = kind,
            Activity = Request.Activity,
            Attempt = (int)ScopeAttempt,
            Token = Request.Token,
            Hash = Answers.Hash(500 + (int)kind),
        };

        private void SendExactly(Message answer, long at) => _world.Broker.SendExactly(answer with { Life = _world.Engines.Life }, at);

        private static long Shortest(long a, long b) => b == Terms.None ? a : Math.Min(a, b);
    }
}
