using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using SagaFlow.AspNetCore.Security;

namespace SagaFlow;

/// <summary>Adds what the HTTP endpoints about workflows need.</summary>
public static class SagaFlowHttpServiceCollectionExtensions
{
    /// <summary>Adds authentication by API key and by JWT, and the limits of all endpoints.</summary>
    /// <remarks>The configuration section <c>SagaFlow:Http</c> is read first, such as <c>SagaFlow__Http__ApiKeys__ops=...</c> in the
    /// environment. The start is refused without a key or an issuer, with a short one or a sample's, unless a scheme or everybody is let in.</remarks>
    /// <param name="services">The container.</param>
    /// <param name="configure">Sets what the configuration does not say.</param>
    public static IServiceCollection AddSagaFlowHttp(this IServiceCollection services, Action<SagaFlowHttpOptions>? configure = null)
    {
        var options = services.AddOptions<SagaFlowHttpOptions>().BindConfiguration("SagaFlow:Http").ValidateDataAnnotations().ValidateOnStart();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SagaFlowHttpOptions>, HttpOptionsValidator>());
        services.TryAddSingleton<ApiKeys>();
        services.TryAddSingleton<JwtVerifier>();
        services.AddAuthentication()
            .AddScheme<AuthenticationSchemeOptions, ApiKeyHandler>(ApiKeyHandler.Scheme, configureOptions: null)
            .AddScheme<AuthenticationSchemeOptions, JwtHandler>(JwtHandler.Scheme, configureOptions: null);
        services.AddAuthorization();
        return services;
    }
}
