using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using SagaFlow.Client.Control;
using SagaFlow.Contracts;
using SagaFlow.Workflows;

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
        var status = StatusOf(receipt);
        return new CallbackReply(status, status < 400 ? null : receipt.Code ?? receipt.Disposition.ToWireName(), receipt.Detail, receipt);
    }

    /// <summary>Tells what a workflow's state is, or what became of a message to it.</summary>
    public static CallbackReply From(ControlReply reply)
    {
        var told = From(reply.ToReceipt());
        return told.Code is null ? told with { Body = ControlJson.Write(reply), IsOfRunning = reply.Workflow?.Status == "Running" } : told;
    }

    public static CallbackReply From(WireProblem problem) =>
        Refuse(problem.Disposition.ToHttpStatus(), problem.Code, problem.Detail, problem.Disposition);

    /// <summary>Refuses for good: the same request would be refused again.</summary>
    public static CallbackReply Refuse(int status, string code, string detail, Disposition disposition = Disposition.Malformed) =>
        new(status, code, detail, new Receipt(disposition, detail));

    /// <summary>Sends the caller away for now.</summary>
    public static CallbackReply Postpone(int status, string code, string detail) => new(status, code, detail, null);

    /// <summary>Sends the caller away until an engine of another version takes it. This one has said so in its log, once.</summary>
    public static CallbackReply LeaveToAnotherEngine(WorkflowVersionException exception) =>
        Postpone(StatusCodes.Status503ServiceUnavailable, WorkflowVersionException.Code, $"{exception.Message} Send the same again.");

    /// <summary>Whether it describes a workflow that has not ended.</summary>
    public bool IsOfRunning { get; private init; }

    /// <summary>Whether the rest of the request is not worth waiting for.</summary>
    public bool EndsConnection { get; init; }

    /// <summary>The only method that is taken there.</summary>
    public string Allow { get; init; } = HttpMethods.Post;

    /// <summary>By which scheme a caller says who he is.</summary>
    public string Challenge { get; init; } = "Bearer error=\"invalid_token\"";

    /// <summary>What is written in place of the receipt alone, when there is more to tell.</summary>
    private byte[]? Body { get; init; }

    public async Task WriteAsync(HttpResponse response, TimeSpan retryAfter)
    {
        var body = Body ?? WireWriter.Write(this, Write);
        response.StatusCode = Status;
        response.ContentType = Code is null ? "application/json" : "application/problem+json";
        response.ContentLength = body.Length;
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        WriteHeaders(response, retryAfter);
        await response.Body.WriteAsync(body, response.HttpContext.RequestAborted);
    }

    // What the disposition leaves open: a message that can be read and does not fit, and a name that is not there.
    private static int StatusOf(Receipt receipt) => receipt.Code switch
    {
        "schema" => StatusCodes.Status422UnprocessableEntity,
        "unknown_signal" => StatusCodes.Status404NotFound,
        _ => receipt.Disposition.ToHttpStatus(),
    };

    private void WriteHeaders(HttpResponse response, TimeSpan retryAfter)
    {
        switch (Status)
        {
            case StatusCodes.Status401Unauthorized:
                response.Headers.WWWAuthenticate = Challenge;
                break;
            case StatusCodes.Status405MethodNotAllowed:
                response.Headers.Allow = Allow;
                break;
            case StatusCodes.Status503ServiceUnavailable or StatusCodes.Status429TooManyRequests:
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
            ReceiptWriter.Write(json, receipt with { Code = reply.Code });
        }
        else
        {
            json.WriteText("detail", reply.Detail);
            json.WriteText("code", reply.Code);
        }

        if (reply.Code is not null)
        {
            json.WriteString("type", "about:blank");
            json.WriteString("title", ReasonPhrases.GetReasonPhrase(reply.Status));
            json.WriteNumber("status", reply.Status);
        }
    }
}
