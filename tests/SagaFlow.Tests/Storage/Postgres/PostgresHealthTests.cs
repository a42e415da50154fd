using Microsoft.Extensions.Logging;
using SagaFlow.Storage.Postgres;
using SagaFlow.Tests.AspNetCore;

namespace SagaFlow.Tests.Storage.Postgres;

/// <summary>What those who use the database have met: reading and changing fail apart.</summary>
public sealed class PostgresHealthTests : IDisposable
{
    private const string Away = "The database cannot be used";
    private const string Back = "The database can be used again";

    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(1);

    private readonly ManualTimeProvider _clock = new();
    private readonly LogCapture _log = new();
    private readonly ILoggerFactory _loggers;
    private readonly PostgresHealth _health;

    public PostgresHealthTests()
    {
        _loggers = LoggerFactory.Create(logging => logging.AddProvider(_log));
        _health = new PostgresHealth(_clock, _loggers.CreateLogger<PostgresHealth>());
    }

    public void Dispose()
    {
        _loggers.Dispose();
        _log.Dispose();
    }

    [Fact]
    [Trait("Req", "REL-D6")]
    public void A_full_disk_is_told_once_however_often_the_database_is_read_meanwhile()
    {
        for (var i = 0; i < 60; i++)
        {
            _health.NoteNotChanged(new IOException("No space left on device"));
            _health.NoteRead();
            _health.NoteRowWritten();
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.True(_health.TakesNoChanges);
        Assert.Equal((1, 0), (_log.Count(Away), _log.Count(Back)));
    }

    [Fact]
    [Trait("Req", "REL-D6")]
    public void The_first_commit_afterwards_ends_it()
    {
        _health.NoteNotChanged(new IOException("No space left on device"));

        _health.NoteChanged();

        Assert.False(_health.TakesNoChanges || _health.IsAway);
        Assert.Equal((1, 1), (_log.Count(Away), _log.Count(Back)));
    }

    [Fact]
    public void A_database_that_is_away_is_told_once_by_all_and_its_end_once_when_both_go_well()
    {
        _health.NoteNotRead(new IOException("away"));
        _health.NoteNotChanged(new IOException("away"));

        _health.NoteRead();
        var half = _log.Count(Back);
        _health.NoteChanged();

        Assert.Equal((1, 0, 1), (_log.Count(Away), half, _log.Count(Back)));
    }

    [Fact]
    public void Commits_do_not_hide_that_nothing_can_be_read()
    {
        _health.NoteNotRead(new IOException("away"));

        _health.NoteChanged();

        Assert.Equal((true, false), (_health.IsAway, _health.TakesNoChanges));
    }

    [Theory]
    [InlineData(-1, true)]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public void What_nobody_has_tried_for_a_minute_says_nothing_any_more(int ticksAround, bool known)
    {
        _health.NoteNotChanged(new IOException("No space left on device"));

        _clock.Advance(Memory + (ticksAround * Tick));
        _health.NoteRowWritten();

        Assert.Equal((known, known ? 0 : 1), (_health.TakesNoChanges, _log.Count(Back)));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    public void Sessions_that_broke_in_an_outage_are_no_outage_of_their_own(int ticksAfterwards, int told)
    {
        _health.NoteNotRead(new IOException("away"));
        _health.NoteRead();

        _clock.Advance(TimeSpan.FromSeconds(5) + (ticksAfterwards * Tick));
        _health.NoteNotChanged(new IOException("broken"));

        Assert.Equal((told, told == 2), (_log.Count(Away), _health.TakesNoChanges));
    }
}
