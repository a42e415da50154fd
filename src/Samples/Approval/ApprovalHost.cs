using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SagaFlow;

namespace Approval;

public static class ApprovalHost
{
    #region host
    public static WebApplication Build(string[] args, string database, TextWriter output)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddSingleton(output);
        builder.Services.AddSagaFlow(flow => flow.AddWorkflow<ApprovalWorkflow, ApprovalInstance>().UseSqlite(database));
        builder.Services.AddSagaFlowWorker(worker => worker.AddHandler<DecideHandler>().OnTaskQueue("default"));
        builder.Services.AddSagaFlowHttp();             // keys from SagaFlow:Http:ApiKeys, such as SagaFlow__Http__ApiKeys__me

        var app = builder.Build();
        app.MapSagaFlowCallbacks();                     // answers: the task token is all they need
        app.MapSagaFlowWorkflows();                     // start, signal, cancel, query: X-Api-Key
        app.MapSagaFlowOpenApi();                       // GET /openapi/sagaflow.json
        app.MapHealthChecks("/health");
        return app;
    }
    #endregion
}
