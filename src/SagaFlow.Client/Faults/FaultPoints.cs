using System.Diagnostics;
#if SAGAFLOW_FAULTS
using System.Globalization;
#endif

namespace SagaFlow.Client.Faults;

/// <summary>Ends this process, as <c>kill -9</c> does, when it passes a named place for the n-th time. In shipped builds no call of it is
/// left in the code.</summary>
/// <remarks>The variable <c>SAGAFLOW_FAULT_POINTS</c> names a file. When it comes to hold <c>Committed 3</c>, the third passing of that place
/// is the last thing the process does, but for a line in the file with <c>.hits</c> behind its name: it proves that the fault fired.</remarks>
internal static class FaultPoints
{
    /// <summary>Dies here when it is this place's turn.</summary>
    [Conditional("SAGAFLOW_FAULTS")]
    public static void Pass(FaultPoint point) => Pass(point, Die);

#if SAGAFLOW_FAULTS
    private static readonly string? Orders = Environment.GetEnvironmentVariable("SAGAFLOW_FAULT_POINTS");
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    // Held so that it is not collected.
    private static readonly Timer? Reading = Orders is null ? null : new Timer(_ => Read(), null, TimeSpan.Zero, Interval);

    private static volatile Order? _order;

    /// <summary>Does something else than dying when it is this place's turn.</summary>
    [Conditional("SAGAFLOW_FAULTS")]
    public static void Pass(FaultPoint point, Action happen)
    {
        if (Reading is not null && _order is { } order && order.Point == point && Interlocked.Decrement(ref order.Left) == 0)
        {
            File.AppendAllText($"{Orders}.hits", $"{point} {Environment.ProcessId}\n");
            happen();
        }
    }

    private static void Die() => Process.GetCurrentProcess().Kill();

    private static void Read()
    {
        try
        {
            var text = File.Exists(Orders) ? File.ReadAllText(Orders) : "";
            if (text != (_order?.Text ?? ""))
            {
                var words = text.Split(' ');
                _order = words.Length < 2 ? null : new Order(text, Enum.Parse<FaultPoint>(words[0]), int.Parse(words[1], CultureInfo.InvariantCulture));
            }
        }
        catch (IOException)
        {
            // It is being replaced; the next look finds it.
        }
    }

    private sealed class Order(string text, FaultPoint point, int passings)
    {
        public int Left = passings;

        public string Text => text;

        public FaultPoint Point => point;
    }
#else
    /// <summary>Does something else than dying when it is this place's turn.</summary>
    [Conditional("SAGAFLOW_FAULTS")]
    public static void Pass(FaultPoint point, Action happen)
    {
        // Nobody calls it in this build.
    }

    private static void Die()
    {
        // Nobody calls it in this build.
    }
#endif
}
