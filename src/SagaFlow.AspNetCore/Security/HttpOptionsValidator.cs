using Microsoft.Extensions.Options;

namespace SagaFlow.AspNetCore.Security;

/// <summary>Refuses, at start, endpoints that nobody guards and keys that could be guessed. It never quotes a key.</summary>
internal sealed class HttpOptionsValidator : IValidateOptions<SagaFlowHttpOptions>
{
    private const int ShortestKey = 32;
    private const int LongestKey = 512;
    private const string SamplePrefix = "sagaflow-sample";
    private const string HowTo = "Set SagaFlow:Http:ApiKeys:<name> to what 'openssl rand -base64 32' prints.";

    public ValidateOptionsResult Validate(string? name, SagaFlowHttpOptions options)
    {
        var problems = Problems(options).ToList();
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private static IEnumerable<string> Problems(SagaFlowHttpOptions options)
    {
        if (options is { ApiKeys.Count: 0, AuthenticationSchemes.Count: 0, AllowAnonymous: false })
        {
            yield return $"Nobody may call the endpoints about workflows: there is neither an API key nor an authentication scheme. {HowTo}";
        }

        foreach (var (holder, key) in options.ApiKeys)
        {
            if (FindProblem(key) is { } problem)
            {
                yield return $"API key '{holder}' {problem}. {HowTo}";
            }
        }

        if (options.ApiKeys.Values.Distinct(StringComparer.Ordinal).Count() != options.ApiKeys.Count)
        {
            yield return $"Two API keys are the same. Give each holder a key of its own. {HowTo}";
        }
    }

    private static string? FindProblem(string? key) => key switch
    {
        null or "" => "is missing",
        { Length: < ShortestKey } => $"has only {key.Length} characters; {ShortestKey} are needed",
        { Length: > LongestKey } => $"has {key.Length} characters; {LongestKey} are allowed",
        _ when key.Any(c => c is <= ' ' or >= '\u007f') => "holds a character that no header can carry",
        _ when key.Distinct().Count() < 8 => "repeats a few characters only",
        _ when key.StartsWith(SamplePrefix, StringComparison.OrdinalIgnoreCase) => "is the key of a sample, which everybody knows",
        _ => null,
    };
}
