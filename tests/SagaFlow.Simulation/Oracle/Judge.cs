using SagaFlow.Contracts;

namespace SagaFlow.Simulation.Oracle;

/// <summary>Sees every commit in its order and every receipt, and says at once when one of them breaks a rule.</summary>
/// <remarks>It shares no code with the engine: rows, answers and effects reach it as plain values. The first broken rule counts.</remarks>
internal sealed partial class Judge(int workflows, int keptMessages, bool seesHistoryOnly = false)
{
    private readonly WorkflowModel[] _workflows = [.. Enumerable.Range(0, workflows).Select(_ => new WorkflowModel())];
    private readonly List<Fact> _expected = [];

    public Violation? Broken { get; private set; }

    /// <summary>How often attempts were closed in each way.</summary>
    public long[] Closings { get; } = new long[Enum.GetValues<Closing>().Length];

    /// <summary>How often activities ended by each timeout.</summary>
    public long[] Timeouts { get; } = new long[Enum.GetValues<DueKind>().Length];

    public WorkflowModel Workflow(int index) => _workflows[index];

    /// <summary>A change set was committed.</summary>
    public void Committed(Commit commit)
    {
        var workflow = _workflows[commit.Workflow];
        if (commit.Inbox != 0 && !workflow.Inbox.Add(commit.Inbox))
        {
            Break("I7", $"message {commit.Inbox} was applied twice", commit.Workflow, commit.Now);
        }

        if (workflow.IsOver && commit.Notes.Count + commit.Steps.Count > 0)
        {
            Break("I1", $"something was committed after the end: {Describe(commit)}", commit.Workflow, commit.Now);
        }

        if (commit.WorkflowVersion != 0 && commit.WorkflowVersion != ++workflow.Version)
        {
            Break("I14", $"the workflow's row has version {commit.WorkflowVersion} after {workflow.Version} commits", commit.Workflow, commit.Now);
        }

        // Groups exist before their members, and a join is judged before its losers are canceled.
        foreach (var note in commit.Notes)
        {
            Read(workflow, note, commit);
        }

        ReadSteps(workflow, commit);
        CheckLosers(workflow, commit);
        if (workflow.IsOver && workflow.Activities.Exists(x => !x.Image.IsClosed))
        {
            Break("I1", "the workflow has ended and one of its activities is open", commit.Workflow, commit.Now);
        }
    }

    /// <summary>An answer or a ring changed nothing, and this was told.</summary>
    public void Judged(int workflow, int activity, in Happening what, long now, Disposition told)
    {
        var activities = _workflows[workflow].Activities;
        if (activity < 0 || activity >= activities.Count)
        {
            Expect(Disposition.UnknownWorkflow, told, what.Kind.ToString(), workflow, now);
            return;
        }

        var (expected, move) = activities[activity].Judge(what, now);
        if (move != Move.None)
        {
            Break("I6", $"activity {activity}: {what} must be applied ({move}) and was told {told}", workflow, now);
        }

        Expect(expected, told, what.ToString(), workflow, now);
    }

    /// <summary>An engine has started after a time without any: what became due meanwhile must have its grace before anything rings.</summary>
    public void BlackoutOver(long since, long until, long now)
    {
        var blackout = new Happening(HappeningKind.Blackout) { Since = since, Until = until };
        for (var i = 0; i < _workflows.Length; i++)
        {
            foreach (var activity in _workflows[i].Activities)
            {
                if (activity.Image.DueAt is not ActivityImage.Never and var due && due <= until && activity.Judge(blackout, now).Move != Move.None)
                {
                    Break("I9", $"a deadline fell into the blackout and was not moved: {activity.Image.DueKind} at {due}", i, now);
                }
            }
        }
    }

    /// <summary>A message was told that it had been applied before.</summary>
    public void Repeated(int workflow, long inbox, long now)
    {
        if (!_workflows[workflow].Inbox.Contains(inbox))
        {
            Break("I7", $"message {inbox} was taken for a repeat and was never applied", workflow, now);
        }
    }

    /// <summary>A ring changed nothing; nobody was told anything.</summary>
    public void Ignored(int workflow, int activity, in Happening what, long now)
    {
        var activities = _workflows[workflow].Activities;
        if (activity >= 0 && activity < activities.Count && activities[activity].Judge(what, now) is { Move: not Move.None } judged)
        {
            Break("I9", $"activity {activity}: {what} must be applied ({judged.Move}) and changed nothing", workflow, now);
        }
    }

    /// <summary>A request left the engine: its attempt must have been committed before.</summary>
    public void Requested(int workflow, int activity, int attempt, long now)
    {
        var activities = _workflows[workflow].Activities;
        if (activity >= activities.Count || attempt > activities[activity].Image.Attempt)
        {
            Break("I13", $"attempt {attempt} of activity {activity} was published before its commit", workflow, now);
        }
    }

    /// <summary>Notes the first broken rule.</summary>
    public void Break(string invariant, string text, int workflow, long now) => Broken ??= new Violation(invariant, text, workflow, now);

    private void CheckLosers(WorkflowModel workflow, Commit commit)
    {
        foreach (var note in commit.Notes)
        {
            for (var i = 0; note.Kind == NoteKind.GroupJoined && i < workflow.Activities.Count; i++)
            {
                if (workflow.Rows[i].Group == note.Id && !workflow.Activities[i].Image.IsClosed)
                {
                    Break("I15", $"group {note.Id} was joined and its member {i} is still open", commit.Workflow, commit.Now);
                }
            }
        }
    }

    private void ReadSteps(WorkflowModel workflow, Commit commit)
    {
        var fact = 0;
        foreach (var step in commit.Steps)
        {
            _expected.Clear();
            Play(workflow, step, commit);
            if (step.Activity < workflow.Activities.Count)
            {
                CountMember(workflow, step);
                CountClosings(workflow.Activities[step.Activity].Image);
                CompareFacts(commit, step, fact);
                CompareRow(workflow, step, commit);
            }

            fact += step.Facts;
        }
    }

    private void Play(WorkflowModel workflow, in Step step, Commit commit)
    {
        if (step.What.Kind == HappeningKind.Scheduled)
        {
            if (step.Activity != workflow.Activities.Count)
            {
                Break("I4", $"activity {step.Activity} was scheduled as number {workflow.Activities.Count}", commit.Workflow, commit.Now);
                return;
            }

            workflow.Activities.Add(new ActivityModel(step.Terms!, commit.Now, _expected));
            workflow.Rows.Add((0, step.Group));
            return;
        }

        if (step.Activity >= workflow.Activities.Count)
        {
            Break("I13", $"activity {step.Activity} was never scheduled", commit.Workflow, commit.Now);
            return;
        }

        var activity = workflow.Activities[step.Activity];
        var (told, move) = activity.Judge(step.What, commit.Now);
        if (move == Move.None)
        {
            Break("I6", $"activity {step.Activity}: {step.What} changed the row and must be told {told}", commit.Workflow, commit.Now);
            return;
        }

        activity.Make(move, step.What, commit.Now, step.Stored, _expected);
        if (activity.Broken is { } broken)
        {
            Break(broken.Invariant, $"activity {step.Activity}: {broken.Difference}", commit.Workflow, commit.Now);
        }
    }

    private void CompareRow(WorkflowModel workflow, in Step step, Commit commit)
    {
        var (version, group) = workflow.Rows[step.Activity];
        workflow.Rows[step.Activity] = (step.RowVersion, group);

        // One commit may bring several steps of one activity; its row is written once.
        if (step.RowVersion != version + 1 && step.RowVersion != version)
        {
            Break("I14", $"the row of activity {step.Activity} went from version {version} to {step.RowVersion}", commit.Workflow, commit.Now);
        }

        if (ActivityImage.Compare(workflow.Activities[step.Activity].Image, step.Stored) is { } difference)
        {
            Break(difference.Invariant, $"activity {step.Activity} after {step.What}: {difference.Difference}", commit.Workflow, commit.Now);
        }
    }

    private void CountMember(WorkflowModel workflow, in Step step)
    {
        var group = workflow.Rows[step.Activity].Group;
        if (group >= 0 && group < workflow.Groups.Count && _expected.Exists(x => x.Kind == FactKind.Ended))
        {
            workflow.Groups[group].Count(workflow.Activities[step.Activity].Image.Standing == Standing.Completed);
        }
    }

    private void CountClosings(in ActivityImage image)
    {
        foreach (var fact in _expected)
        {
            if (fact.Kind == FactKind.AttemptClosed)
            {
                Closings[fact.How]++;
            }
            else if (fact.Kind == FactKind.Ended)
            {
                Timeouts[(int)image.TimeoutKind]++;
            }
        }
    }

    private void CompareFacts(Commit commit, in Step step, int from)
    {
        if (seesHistoryOnly)
        {
            _expected.RemoveAll(x => !x.IsInHistory);
        }

        var same = step.Facts == _expected.Count;
        for (var i = 0; same && i < step.Facts; i++)
        {
            same = commit.Facts[from + i] == _expected[i];
        }

        if (!same)
        {
            var written = string.Join("; ", commit.Facts.Skip(from).Take(step.Facts));
            Break(
                "I12", $"activity {step.Activity} after {step.What}: expected [{string.Join("; ", _expected)}], written [{written}]",
                commit.Workflow, commit.Now);
        }
    }

    private void Expect(Disposition expected, Disposition told, string what, int workflow, long now)
    {
        if (expected != told)
        {
            Break("I6", $"{what} must be told {expected} and was told {told}", workflow, now);
        }
    }

    private static string Describe(Commit commit) => string.Join(
        "; ", commit.Notes.Select(x => x.ToString()).Concat(commit.Steps.Select(x => $"activity {x.Activity} {x.What.Kind}")));
}
