using Microsoft.Extensions.Options;
using SagaFlow.Client.Bus;

namespace SagaFlow.Client;

/// <summary>Refuses, at start, what could never work.</summary>
internal sealed class SagaFlowClientOptionsValidator : IValidateOptions<SagaFlowClientOptions>
{
    private static readonly TimeSpan Maximum = TimeSpan.FromHours(1);

    public ValidateOptionsResult Validate(string? name, SagaFlowClientOptions options)
    {
        var problems = Problems(options).ToList();
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private static IEnumerable<string> Problems(SagaFlowClientOptions options)
    {
        if (!BusNames.IsPrefix(options.Prefix))
        {
            yield return $"{nameof(options.Prefix)} '{options.Prefix}' must have 1 to 32 characters of 'a' to 'z', '0' to '9', '_' and '-'.";
        }

        if (options.ResendInterval <= TimeSpan.Zero)
        {
            yield return $"{nameof(options.ResendInterval)} {options.ResendInterval} must be longer than zero.";
        }

        if (options.ReceiptTimeout <= options.ResendInterval || options.ReceiptTimeout > Maximum)
        {
            yield return $"{nameof(options.ReceiptTimeout)} {options.ReceiptTimeout} must be longer than {nameof(options.ResendInterval)} "
                + $"{options.ResendInterval} and at most {Maximum}.";
        }
    }
}
