using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using SagaFlow.Contracts;

namespace SagaFlow.AspNetCore.Callbacks;

/// <summary>Reads a body whole, never more of it than the limit and never for longer than the deadline, whatever its headers promise.</summary>
internal sealed class BoundedBody(CallbackLimits limits, TimeProvider clock)
{
    /// <summary>Gives the body, or why there is none.</summary>
    public async Task<(ReadOnlyMemory<byte> Body, CallbackReply? Refusal)> ReadAsync(HttpRequest request)
    {
        if (request.ContentLength > limits.BodyBytes)
        {
            return (default, TooLarge());
        }

        var aborted = request.HttpContext.RequestAborted;
        using var deadline = new CancellationTokenSource(limits.BodyTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, aborted);
        try
        {
            CapWhatIsLeft(request);
            return await ReadToEndAsync(request, either.Token) is { } body ? (body, null) : (default, TooLarge());
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !aborted.IsCancellationRequested)
        {
            return (default, TooSlow($"The body did not arrive within {limits.BodyTimeout.TotalSeconds} s"));
        }
        catch (IOException exception)
        {
            return (default, Broken(exception));
        }
    }

    // What is not read is thrown away by the server, but not without end.
    private void CapWhatIsLeft(HttpRequest request)
    {
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } feature)
        {
            feature.MaxRequestBodySize = limits.BodyBytes * 2L;
        }
    }

    private async Task<ReadOnlyMemory<byte>?> ReadToEndAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var body = new ArrayBufferWriter<byte>(4096);
        while (true)
        {
            var read = await request.BodyReader.ReadAsync(cancellationToken);
            if (read.Buffer.Length > limits.BodyBytes - body.WrittenCount)
            {
                request.BodyReader.AdvanceTo(read.Buffer.Start);
                return null;
            }

            foreach (var segment in read.Buffer)
            {
                body.Write(segment.Span);
            }

            request.BodyReader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                return body.WrittenMemory;
            }
        }
    }

    private CallbackReply Broken(IOException exception) => (exception as BadHttpRequestException)?.StatusCode switch
    {
        StatusCodes.Status413PayloadTooLarge => TooLarge(),
        StatusCodes.Status408RequestTimeout => TooSlow("The body arrived too slowly"),
        _ => CallbackReply.Refuse(StatusCodes.Status400BadRequest, "body_incomplete", "The body ended before it was complete, or its framing is broken")
            with { EndsConnection = true },
    };

    private CallbackReply TooLarge() =>
        CallbackReply.Refuse(
            StatusCodes.Status413PayloadTooLarge, "too_large", $"The body is larger than {limits.BodyBytes} bytes", Disposition.TooLarge)
        with { EndsConnection = true };

    private static CallbackReply TooSlow(string detail) =>
        CallbackReply.Postpone(StatusCodes.Status408RequestTimeout, "body_timeout", detail) with { EndsConnection = true };
}
