namespace SagaFlow.Tests.Tidy;

public sealed class EventIdRulesTests
{
    private static readonly SourceFile Engine = EventIds("src/SagaFlow/Diagnostics/EventIds.cs", "1000s workflows, 1100s answers", "Began = 1000", "Ended = 1199");

    [Fact]
    public void Ids_in_bands_of_their_own_are_in_order()
    {
        var client = EventIds("src/SagaFlow.Client/EventIds.cs", "2000 to 2999", "Sent = 2000", "Lost = 2999");

        Assert.Empty(EventIdRules.RepeatedIds([Engine, client]));
        Assert.Empty(EventIdRules.IdsOutsideBands([Engine, client]));
        Assert.Empty(EventIdRules.SharedBands([Engine, client]));
    }

    [Fact]
    public void One_id_with_two_meanings_is_found_across_projects()
    {
        var client = EventIds("src/SagaFlow.Client/EventIds.cs", "1000s", "Sent = 1000");

        Assert.Equal(
            ["event id 1000 has 2 meanings: Began (src/SagaFlow/Diagnostics/EventIds.cs:4), Sent (src/SagaFlow.Client/EventIds.cs:4)"],
            EventIdRules.RepeatedIds([Engine, client]));
        Assert.Single(EventIdRules.SharedBands([Engine, client]));
    }

    [Theory]
    [InlineData(1999, 1)]
    [InlineData(2000, 0)]
    [InlineData(2999, 0)]
    [InlineData(3000, 1)]
    public void An_id_lies_in_a_declared_band(int id, int expected)
    {
        Assert.Equal(expected, EventIdRules.IdsOutsideBands([EventIds("src/SagaFlow.Client/EventIds.cs", "2000 to 2999", $"Sent = {id}")]).Count());
    }

    [Theory]
    [InlineData("[LoggerMessage(EventIds.Began, LogLevel.Debug, \"Began\")]", 0)]
    [InlineData("[LoggerMessage(EventId = EventIds.Began, Level = LogLevel.Debug)]", 0)]
    [InlineData("[LoggerMessage(1000, LogLevel.Debug, \"Began\")]", 1)]
    [InlineData("[LoggerMessage(LogLevel.Debug, \"EventIds.Began\")]", 1)]
    public void A_log_message_names_a_constant(string attribute, int expected)
    {
        Assert.Equal(expected, EventIdRules.BareIds([new SourceFile("src/SagaFlow/Log.cs", attribute)]).Count());
    }

    private static SourceFile EventIds(string path, string bands, params string[] ids) => new(
        path, $"/// <summary>{bands}</summary>\ninternal static class EventIds\n{{\n{string.Concat(ids.Select(x => $"    public const int {x};\n"))}}}\n");
}
