namespace SagaFlow;

/// <summary>An activity of a workflow, whatever it takes and gives. Only <see cref="Activity{TArguments,TResult}"/> implements it.</summary>
public interface IDeclaredActivity
{
    /// <summary>Gets the activity's name.</summary>
    string Name { get; }
}
