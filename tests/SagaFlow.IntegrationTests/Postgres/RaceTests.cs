using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SagaFlow.Hosting;
using SagaFlow.Tests.Workflows;

namespace SagaFlow.IntegrationTests.Postgres;

/// <summary>The races on PostgreSQL, where each engine has a committer and connections of its own.</summary>
public sealed class RaceTests : RaceSuite
{
    protected override int Rounds => 300;

    private protected override Task<RaceField> CreateFieldAsync() => PostgresField.CreateAsync();

    // The engines are not started: whatever happens is the test's doing.
    private sealed class PostgresField : RaceField
    {
        private readonly string _schema = PostgresServer.NewName();
        private readonly IHost[] _engines;
        private DateTime _now = new(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        private int _next;

        private PostgresField() => _engines = [.. Enumerable.Range(0, 3).Select(_ => Build())];

        protected override IServiceProvider Services => _engines[0].Services;

        public static async Task<RaceField> CreateAsync()
        {
            var field = new PostgresField();
            await field.Services.GetRequiredService<EngineStart>().PrepareAsync(default);
            await field.AdvanceAsync(TimeSpan.Zero);
            return field;
        }

        public override SecondEngine NewEngine() => new(_engines[_next++ % _engines.Length].Services);

        // The store's one function for the time.
        public override Task AdvanceAsync(TimeSpan by)
        {
            _now += by;
            return PostgresServer.ExecuteAsync(
                $"create or replace function {_schema}.now() returns timestamptz language sql volatile as 'select timestamptz ''{_now:O}'''");
        }

        public override async ValueTask DisposeAsync()
        {
            foreach (var engine in _engines)
            {
                await ((IAsyncDisposable)engine).DisposeAsync();
            }

            await PostgresServer.DropSchemaAsync(_schema);
        }

        private IHost Build()
        {
            var builder = Host.CreateApplicationBuilder();
            builder.Logging.ClearProviders();
            builder.Configuration["SagaFlow:TokenKeys:Keys:k0"] = Convert.ToBase64String([.. Enumerable.Range(1, 32).Select(x => (byte)(x * 37))]);
            builder.Services.AddSagaFlow(flow => flow
                .AddWorkflow<ReviewWorkflow, ReviewInstance>()
                .UsePostgres(PostgresServer.ConnectionString, postgres => postgres.Schema = _schema));
            return builder.Build();
        }
    }
}
