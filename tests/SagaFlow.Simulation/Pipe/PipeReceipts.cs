using SagaFlow.Contracts;

namespace SagaFlow.Simulation.Pipe;

/// <summary>Judges what a sender was told.</summary>
internal static class PipeReceipts
{
    public static void Judge(PipeWorld world, PipeMessage message, Receipt? receipt, bool hasCommitted)
    {
        var index = message.Program.Index;
        if (receipt is { } told)
        {
            world.Tally.Count(told.Disposition);
        }

        switch (message.Told)
        {
            case ToldKind.Start:
                world.Oracle.ToldStart(index, message.Cause.StartContent, world.Now, receipt!.Disposition);
                break;
            case ToldKind.Signal:
                world.Oracle.ToldSignal(index, message.Cause.Signal.Id, message.Cause.Signal.Content, world.Now, receipt!.Disposition);
                break;
            case ToldKind.Cancel:
                world.Oracle.ToldCancel(index, world.Now, receipt!.Disposition);
                break;
            case ToldKind.Answer:
                JudgeAnswer(world, message, receipt!.Disposition, hasCommitted);
                break;
            case ToldKind.Nobody when !hasCommitted && message.Cause.ActivityId is not null:
                world.Oracle.Ignored(index, message.Program.IndexOf(message.Cause.ActivityId), message.Cause.What, world.Now);
                break;
        }
    }

    private static void JudgeAnswer(PipeWorld world, PipeMessage message, Disposition told, bool hasCommitted)
    {
        var index = message.Program.Index;
        CountResult(world, message, told);
        if (message.Refusal is { } refusal)
        {
            if (refusal is Disposition.Malformed or Disposition.TooLarge)
            {
                world.Unreadable.Add((world.Now, message.Body!));
            }

            if (hasCommitted || told != refusal)
            {
                world.Oracle.Break("I6", $"{message.Name} must be refused as {refusal} and was told {told}", index, world.Now);
            }
        }
        else if (message.Once is { } once && told == Disposition.Duplicate && !hasCommitted && world.Oracle.Workflow(index).Inbox.Contains(world.Journal.NumberOf(once)))
        {
            // Told by its id that it was applied before: so it was.
        }
        else if (!hasCommitted)
        {
            world.Oracle.Judged(index, message.Program.IndexOf(message.Cause.ActivityId!), message.Cause.What, world.Now, told);
        }
        else if (told != Disposition.Applied)
        {
            world.Oracle.Break("I6", $"{message.Name} was applied and told {told}", index, world.Now);
        }
    }

    private static void CountResult(PipeWorld world, PipeMessage message, Disposition told)
    {
        if (message.Cause.What.Kind == Oracle.HappeningKind.Completed)
        {
            world.Tally.AllResults++;
            world.Tally.RepeatedResults += told == Disposition.Duplicate ? 1 : 0;
        }
    }
}
