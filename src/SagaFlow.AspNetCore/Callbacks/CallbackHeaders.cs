using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using SagaFlow.Contracts;

namespace SagaFlow.AspNetCore.Callbacks;

/// <summary>What a request's method and headers must be before its body is worth reading.</summary>
internal static class CallbackHeaders
{
    private const string Scheme = "Bearer ";

    public static CallbackReply? FindProblem(HttpRequest request, string method)
    {
        if (!HttpMethods.Equals(request.Method, method))
        {
            return CallbackReply.Refuse(StatusCodes.Status405MethodNotAllowed, "method_not_allowed", $"Only {method} is taken here")
                with { EndsConnection = true, Allow = method };
        }

        if (!HttpMethods.IsPost(method))
        {
            return null;
        }

        if (!WireMedia.IsJson(request.Headers.ContentType.ToString()))
        {
            return Unsupported("content_type", "The content type is not 'application/json' in UTF-8");
        }

        // A small body could otherwise unpack into an endless one.
        return request.Headers.ContentEncoding.Count > 0 ? Unsupported("content_encoding", "An encoded (compressed) body is not taken") : null;
    }

    /// <summary>Reads the token of the <c>Authorization</c> header; <see langword="null"/> when there is no such header.</summary>
    public static bool TryReadToken(HttpRequest request, out string? token, [NotNullWhen(false)] out CallbackReply? problem)
    {
        var header = request.Headers.Authorization;
        token = null;
        problem = header switch
        {
            { Count: 0 } => null,
            { Count: > 1 } => Unreadable("There is more than one Authorization header"),
            [var value] when value?.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) == true => null,
            _ => Unreadable("The Authorization header is not 'Bearer' followed by the task token"),
        };
        token = problem is null && header is [{ } text] ? text[Scheme.Length..].Trim(' ') : null;
        return problem is null;
    }

    private static CallbackReply Unsupported(string code, string detail) =>
        CallbackReply.Refuse(StatusCodes.Status415UnsupportedMediaType, code, detail) with { EndsConnection = true };

    private static CallbackReply Unreadable(string detail) =>
        CallbackReply.Refuse(StatusCodes.Status400BadRequest, "authorization", detail) with { EndsConnection = true };
}
