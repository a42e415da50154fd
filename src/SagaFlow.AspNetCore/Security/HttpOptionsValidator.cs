using Microsoft.Extensions.Options;

namespace SagaFlow.AspNetCore.Security;

/// <summary>Refuses, at start, endpoints that nobody guards and keys that could be guessed. It never quotes a key.</summary>
internal sealed class HttpOptionsValidator : IValidateOptions<SagaFlowHttpOptions>
{
    private const int ShortestKey = 32;
    private const int LongestKey = 512;
    private static readonly TimeSpan LargestSkew = TimeSpan.FromMinutes(5);
    private const string SamplePrefix = "sagaflow-sample";
    private const string HowTo = "Set SagaFlow:Http:ApiKeys:<name> to what 'openssl rand -base64 32' prints.";

    public ValidateOptionsResult Validate(string? name, SagaFlowHttpOptions options)
    {
        var problems = Problems(options).ToList();
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private static IEnumerable<string> Problems(SagaFlowHttpOptions options)
    {
        if (options is { ApiKeys.Count: 0, AuthenticationSchemes.Count: 0, AllowAnonymous: false, Jwt.IsUsed: false })
        {
            yield return $"Nobody may call the endpoints about workflows: there is neither an API key nor an authentication scheme, nor an issuer of tokens. {HowTo}";
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

        foreach (var problem in options.Jwt.IsUsed ? Problems(options.Jwt) : [])
        {
            yield return problem;
        }
    }

    private static IEnumerable<string> Problems(SagaFlowJwtOptions jwt)
    {
        if (string.IsNullOrWhiteSpace(jwt.Issuer) || string.IsNullOrWhiteSpace(jwt.Audience) || jwt.Keys.Count == 0)
        {
            yield return "SagaFlow:Http:Jwt is not complete: tokens are taken only with an Issuer, an Audience and at least one of Keys:<kid>.";
        }

        foreach (var (id, text) in jwt.Keys)
        {
            if (JwtKey.Read(id, text).Problem is { } problem)
            {
                yield return $"Key '{id}' of SagaFlow:Http:Jwt {problem}.";
            }
        }

        if (jwt.ClockSkew < TimeSpan.Zero || jwt.ClockSkew > LargestSkew)
        {
            yield return $"SagaFlow:Http:Jwt:ClockSkew {jwt.ClockSkew} is not in {TimeSpan.Zero} to {LargestSkew}.";
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
