namespace DataRouting.Output;

/// <summary>One line on a terminal that says how far the run is. Where output goes to a file, nothing.</summary>
public sealed class Progress(int total)
{
    private readonly bool _visible = !Console.IsErrorRedirected;

    public void Show(int done)
    {
        if (_visible)
        {
            Console.Error.Write($"\r{done} of {total} packets are final ");
        }
    }

    public void Clear()
    {
        if (_visible)
        {
            Console.Error.Write("\r\u001b[K");
        }
    }
}
