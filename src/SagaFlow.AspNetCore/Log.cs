using Microsoft.Extensions.Logging;
using SagaFlow.Contracts;

namespace SagaFlow.AspNetCore;

/// <summary>Everything the HTTP endpoints log. Neither a task token nor anything else of a request's headers or body is among it.</summary>
internal static partial class Log
{
    [LoggerMessage(EventIds.CallbackUnavailable, LogLevel.Warning, "Answer {AnswerKind} could not be taken; the caller was told to send it again")]
    public static partial void CallbackUnavailable(this ILogger logger, AnswerKind answerKind, Exception exception);

    [LoggerMessage(EventIds.CallbackRefused, LogLevel.Debug, "Answer {AnswerKind} was refused with {Status} ({Code})")]
    public static partial void CallbackRefused(this ILogger logger, AnswerKind answerKind, int status, string code);

    [LoggerMessage(EventIds.WorkflowCallUnavailable, LogLevel.Warning, "Call {Verb} could not be done; the caller was told to send it again")]
    public static partial void WorkflowCallUnavailable(this ILogger logger, string verb, Exception exception);

    [LoggerMessage(EventIds.WorkflowCallRefused, LogLevel.Debug, "Call {Verb} was refused with {Status} ({Code})")]
    public static partial void WorkflowCallRefused(this ILogger logger, string verb, int status, string code);
}
