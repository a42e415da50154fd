namespace SagaFlow.Simulation.Oracle;

/// <summary>What the rules demand of a group of activities: it is joined once, and only when enough of it is over.</summary>
internal sealed class GroupModel(int members, int needed, int failuresAllowed)
{
    private int _completed;
    private int _failed;

    public bool IsJoined { get; set; }

    /// <summary>Whether the workflow is to be told.</summary>
    public bool IsMet { get; private set; }

    /// <summary>Counts a member that is over. What comes after the condition is met changes nothing.</summary>
    public void Count(bool completed)
    {
        if (!IsMet)
        {
            _completed += completed ? 1 : 0;
            _failed += completed ? 0 : 1;
            IsMet = _completed >= needed || _failed > failuresAllowed || _completed + _failed == members;
        }
    }

    public override string ToString() => $"{_completed} completed, {_failed} failed of {members}; needed {needed}, failures allowed {failuresAllowed}";
}
