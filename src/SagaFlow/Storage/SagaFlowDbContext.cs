using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using SagaFlow.Storage.Sqlite;

namespace SagaFlow.Storage;

/// <summary>Owns the model: the tables' script is generated from it, and people's questions are asked through it. It never writes.</summary>
/// <param name="options">The database.</param>
/// <param name="schema">The schema of the tables, on a database that has schemas.</param>
internal sealed class SagaFlowDbContext(DbContextOptions<SagaFlowDbContext> options, string schema = TableNames.Schema) : DbContext(options)
{
    /// <summary>The version of the tables that this model describes. Every change of the model counts it up.</summary>
    public const int SchemaVersion = 1;

    /// <summary>The property that numbers rows in the order of their insertion, where the database does not do so by itself.</summary>
    public const string OrderColumn = "Seq";

    public DbSet<WorkflowRecord> Workflows => Set<WorkflowRecord>();
    public DbSet<ActivityRow> Activities => Set<ActivityRow>();
    public DbSet<GroupRecord> Groups => Set<GroupRecord>();
    public DbSet<HistoryEvent> History => Set<HistoryEvent>();
    public DbSet<QuarantinedMessage> Quarantine => Set<QuarantinedMessage>();

    /// <summary>Gets the schema of the tables, on a database that has schemas.</summary>
    public string Schema => schema;

    private bool IsSqlite => Database.IsSqlite();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<WorkflowRecord>(ConfigureWorkflow);
        modelBuilder.Entity<ActivityRow>(ConfigureActivity);
        modelBuilder.Entity<GroupRecord>(ConfigureGroup);
        modelBuilder.Entity<HistoryEvent>(ConfigureHistory);
        ConfigureMessages(modelBuilder);
        ConfigureEngine(modelBuilder);
        if (!IsSqlite)
        {
            ConfigurePostgres(modelBuilder);
        }

        foreach (var property in modelBuilder.Model.GetEntityTypes().SelectMany(entity => entity.GetProperties()))
        {
            ConfigureColumn(property);
        }
    }

    private void ConfigureWorkflow(EntityTypeBuilder<WorkflowRecord> workflow)
    {
        Table(workflow, TableNames.Workflow).HasKey(row => row.Id);
        workflow.HasIndex(row => new { row.Type, row.BusinessKey }).IsUnique().HasDatabaseName(Prefixed("workflow_business_key"));

        // Set while a ring of the deadline is on its way; from this instant on it may ring again. Only the alarm store sets it.
        workflow.Property<DateTimeOffset?>("RingAfter");
        workflow.HasIndex("DeadlineAt", "RingAfter")
            .HasFilter("status = 'Running' and deadline_at is not null").HasDatabaseName(Prefixed("workflow_due"));
        workflow.HasIndex(row => new { row.Type, row.State, row.DefinitionVersion })
            .HasFilter("status = 'Running'").HasDatabaseName(Prefixed("workflow_running_state"));
    }

    private void ConfigureActivity(EntityTypeBuilder<ActivityRow> activity)
    {
        Table(activity, TableNames.Activity).HasKey(row => new { row.WorkflowId, row.Id });

        // ring_after stands in the index so that deadlines that already ring are skipped without a look at their rows.
        activity.HasIndex(row => new { row.DueAt, row.RingAfter })
            .HasFilter("due_at is not null").HasDatabaseName(Prefixed("activity_due"));
        activity.HasIndex(row => new { row.WorkflowId, row.Id }, Prefixed("activity_unstarted")).HasFilter("status = 'Scheduled'");
        activity.HasIndex(row => new { row.WorkflowId, row.GroupId }).HasFilter("group_id is not null").HasDatabaseName(Prefixed("activity_member"));
    }

    private void ConfigureGroup(EntityTypeBuilder<GroupRecord> group)
    {
        Table(group, TableNames.ActivityGroup).HasKey(row => new { row.WorkflowId, row.Id });
        group.HasIndex(row => new { row.WorkflowId, row.Id }, Prefixed("activity_group_met")).HasFilter("status = 'Met'");
    }

    private void ConfigureHistory(EntityTypeBuilder<HistoryEvent> history)
    {
        Table(history, TableNames.History).HasKey(row => row.Sequence);
        history.Property(row => row.Sequence).HasColumnName("seq").ValueGeneratedOnAdd();
        history.HasIndex(row => new { row.WorkflowId, row.Sequence }).HasDatabaseName(Prefixed("history_workflow"));
    }

    private void ConfigureMessages(ModelBuilder model)
    {
        Table(model.Entity<InboxRow>(), TableNames.Inbox).HasKey(row => new { row.Endpoint, row.WorkflowId, row.MessageId });

        var outbox = Table(model.Entity<OutgoingMessage>(), TableNames.Outbox);
        outbox.HasKey(row => row.Id);

        // Set while a sweep tries to send it; only the outbox sets it.
        outbox.Property<DateTimeOffset?>("LeaseUntil");
        outbox.HasIndex(row => row.CreatedAt).HasDatabaseName(Prefixed("outbox_created"));

        // Two messages may be kept at one instant: the order of arrival needs a number of its own.
        var kept = Table(model.Entity<KeptMessage>(), TableNames.KeptMessage);
        kept.Property<long>("Seq").ValueGeneratedOnAdd();
        kept.HasKey("Seq");
        kept.HasIndex(row => new { row.WorkflowId, row.MessageId }).IsUnique().HasDatabaseName(Prefixed("kept_message_key"));

        Table(model.Entity<QuarantinedMessage>(), TableNames.Quarantine).HasKey(row => row.Id);

        // Set while a ring of the timer is on its way; only the alarm store sets it.
        var timer = Table(model.Entity<TimerRecord>(), TableNames.Timer);
        timer.HasKey(row => new { row.WorkflowId, row.Id });
        timer.Property<DateTimeOffset?>("RingAfter");
        timer.HasIndex(nameof(TimerRecord.DueAt), "RingAfter").HasDatabaseName(Prefixed("timer_due"));
    }

    private void ConfigureEngine(ModelBuilder model)
    {
        Table(model.Entity<EngineRow>(), TableNames.Engine).HasKey(row => row.Id);

        var version = Table(model.Entity<SchemaVersionRow>(), TableNames.SchemaVersion);
        version.HasKey(row => row.Version);
        version.Property(row => row.Version).ValueGeneratedNever();
    }

    // SQLite numbers its rows by itself and has one writer only.
    private void ConfigurePostgres(ModelBuilder model)
    {
        foreach (var ordered in new[] { typeof(ActivityRow), typeof(OutgoingMessage), typeof(QuarantinedMessage) })
        {
            model.Entity(ordered).Property<long>(OrderColumn).ValueGeneratedOnAdd();
        }

        var committer = Table(model.Entity<CommitterRow>(), TableNames.Committer);
        committer.HasKey(row => row.Id);
        committer.Property(row => row.Id).ValueGeneratedOnAdd();
    }

    private EntityTypeBuilder<T> Table<T>(EntityTypeBuilder<T> entity, string name) where T : class =>
        IsSqlite ? entity.ToTable(Prefixed(name)) : entity.ToTable(name, schema);

    private string Prefixed(string name) => IsSqlite ? TableNames.SqlitePrefix + name : name;

    private void ConfigureColumn(IMutableProperty property)
    {
        if (property.GetColumnName() == property.Name)
        {
            property.SetColumnName(SnakeCase(property.Name));
        }

        var type = Nullable.GetUnderlyingType(property.ClrType) ?? property.ClrType;
        if (type.IsEnum)
        {
            property.SetProviderClrType(typeof(string));
        }

        if (!IsSqlite)
        {
            // By bytes: the same order on every machine, and no index that a new version of the system's language data breaks.
            if (type == typeof(string) || type.IsEnum)
            {
                property.SetCollation("C");
            }
        }
        else if (type == typeof(DateTimeOffset))
        {
            property.SetValueConverter(new ValueConverter<DateTimeOffset, string>(at => SqliteValues.Text(at), text => SqliteValues.Instant(text)));
        }
        else if (type == typeof(Guid))
        {
            property.SetValueConverter(new ValueConverter<Guid, string>(id => SqliteValues.Text(id), text => Guid.Parse(text)));
        }
    }

    private static string SnakeCase(string name) =>
        string.Concat(name.Select((letter, i) => i > 0 && char.IsUpper(letter) ? $"_{char.ToLowerInvariant(letter)}" : $"{char.ToLowerInvariant(letter)}"));
}
