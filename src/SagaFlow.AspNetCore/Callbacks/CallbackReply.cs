using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using SagaFlow.Contracts;

namespace SagaFlow.AspNetCore.Callbacks;

/// <summary>What a caller is told: a receipt, or that nothing is known and the same should be sent again.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">A stable name of the refusal; <see langword="null"/> when the answer was taken.</param>
/// <param name="Detail">One sentence for a person.</param>
/// <param name="Receipt">What became of the answer; <see langword="null"/> when it was not judged, so that no client takes it for final.</param>
internal sealed record CallbackReply(int Status, string? Code, string? Detail, Receipt? Receipt)
{
    public static CallbackReply From(Receipt receipt)
    {
        var status = receipt.Disposition.ToHttpStatus();
        return new CallbackReply(status, status < 400 ? null : receipt.Disposition.ToWireName(), receipt.Detail, receipt);
    }

    public static CallbackReply From(WireProblem problem) =>
        Refuse(problem.Disposition.ToHttpStatus(), problem.Code, problem.Detail, problem.Disposition);

    /// <summary>Refuses for good: the same request would be refused again.</summary>
    public static CallbackReply Refuse(int status, string code, string detail, Disposition disposition = Disposition.Malformed) =>
        new(status, code, detail, new Receipt(disposition, detail));

    /// <summary>Sends the caller away for now.</summary>
    public static CallbackReply Postpone(int status, string code, string detail) => new(status, code, detail, null);

    /// <summary>Whether the rest of the request is not worth waiting for.</summary>
    public bool EndsConnection { get; init; }

    public async Task WriteAsync(HttpResponse response, TimeSpan retryAfter)
    {
        var body = WireWriter.Write(this, Write);
        response.StatusCode = Status;
        response.ContentType = "application/json";
        response.ContentLength = body.Length;
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        WriteHeaders(response, retryAfter);
        await response.Body.WriteAsync(body, response.HttpContext.RequestAborted);
    }

    private void WriteHeaders(HttpResponse response, TimeSpan retryAfter)
    {
        switch (Status)
        {
            case StatusCodes.Status401Unauthorized:
                response.Headers.WWWAuthenticate = "Bearer error=\"invalid_token\"";
                break;
            case StatusCodes.Status405MethodNotAllowed:
                response.Headers.Allow = HttpMethods.Post;
                break;
            case StatusCodes.Status503ServiceUnavailable:
                response.Headers.RetryAfter = Math.Ceiling(retryAfter.TotalSeconds).ToString(CultureInfo.InvariantCulture);
                break;
        }

        if (EndsConnection)
        {
            response.Headers.Connection = "close";
        }
    }

    // The receipt's own fields come first and stay as they are on the bus; a problem's members (RFC 9457) are added.
    private static void Write(Utf8JsonWriter json, CallbackReply reply)
    {
        if (reply.Receipt is { } receipt)
        {
            ReceiptWriter.Write(json, receipt);
        }
        else
        {
            json.WriteText("detail", reply.Detail);
        }

        if (reply.Code is { } code)
        {
            json.WriteString("code", code);
            json.WriteString("type", "about:blank");
            json.WriteString("title", ReasonPhrases.GetReasonPhrase(reply.Status));
            json.WriteNumber("status", reply.Status);
        }
    }
}
