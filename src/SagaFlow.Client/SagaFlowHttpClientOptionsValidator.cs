using Microsoft.Extensions.Options;

namespace SagaFlow.Client;

/// <summary>Refuses, at start, an address that could never work or that would carry a secret into logs.</summary>
internal sealed class SagaFlowHttpClientOptionsValidator : IValidateOptions<SagaFlowHttpClientOptions>
{
    public ValidateOptionsResult Validate(string? name, SagaFlowHttpClientOptions options) => options.BaseAddress switch
    {
        null => ValidateOptionsResult.Fail($"{nameof(options.BaseAddress)} is missing: the address of a host that maps the callbacks and the workflows."),
        { IsAbsoluteUri: true, UserInfo: "", Query: "", Fragment: "" } address when address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps =>
            ValidateOptionsResult.Success,
        _ => ValidateOptionsResult.Fail($"{nameof(options.BaseAddress)} must be an absolute http or https address without user, query and fragment."),
    };
}
