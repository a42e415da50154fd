using System.Text.RegularExpressions;
using SagaFlow.Contracts;

namespace SagaFlow.Hosting;

/// <summary>Names of workflow types: kebab case, because they stand in queue names and URLs.</summary>
internal static partial class WorkflowTypeName
{
    private const string Suffix = "Workflow";

    public static string Of(Type machine)
    {
        var name = machine.Name;
        var stem = name.Length > Suffix.Length && name.EndsWith(Suffix, StringComparison.Ordinal) ? name[..^Suffix.Length] : name;
        return WordStart().Replace(stem, "-$0").ToLowerInvariant();
    }

    public static void Check(string name)
    {
        if (!Allowed().IsMatch(name))
        {
            throw new SagaFlowException(
                $"'{name}' cannot name a workflow type: it takes 1 to 64 characters of 'a' to 'z', '0' to '9' and '-'. Give AddWorkflow a type name.");
        }
    }

    [GeneratedRegex("(?<=[a-z0-9])[A-Z]|(?<=[A-Z])[A-Z](?=[a-z])")]
    private static partial Regex WordStart();

    [GeneratedRegex("^[a-z0-9-]{1,64}$")]
    private static partial Regex Allowed();
}
