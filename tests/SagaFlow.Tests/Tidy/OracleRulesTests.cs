namespace SagaFlow.Tests.Tidy;

public sealed class OracleRulesTests
{
    [Theory]
    [InlineData("using SagaFlow.Activities;")]
    [InlineData("var x = ActivityLifecycle.Decide(state, what, now, dice);")]
    [InlineData("var at = Deadlines.Next(state);")]
    [InlineData("var wait = Backoff.Delay(policy, 1, 0);")]
    public void An_oracle_that_uses_the_engine_is_found(string code) =>
        Assert.Single(OracleRules.SharedCode([new SourceFile($"{OracleRules.Folder}/Judge.cs", code)]));

    [Theory]
    [InlineData("using SagaFlow.Contracts;")]
    [InlineData("var kind = DueKind.Backoff;")]
    [InlineData("// as ActivityLifecycle does")]
    public void What_belongs_to_everybody_is_allowed(string code) =>
        Assert.Empty(OracleRules.SharedCode([new SourceFile($"{OracleRules.Folder}/Judge.cs", code)]));

    [Fact]
    public void Code_outside_the_oracle_may_use_the_engine() =>
        Assert.Empty(OracleRules.SharedCode([new SourceFile("tests/SagaFlow.Simulation/Worlds/Turn.cs", "using SagaFlow.Activities;")]));
}
