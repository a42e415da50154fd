namespace SagaFlow.Tests.Tidy;

public sealed class ProjectRulesTests
{
    [Theory]
    [InlineData("src/SagaFlow/SagaFlow.csproj", "SagaFlow.Client", 0)]
    [InlineData("src/SagaFlow.Worker/SagaFlow.Worker.csproj", "SagaFlow.Client", 0)]
    [InlineData("src/SagaFlow.Worker/SagaFlow.Worker.csproj", "SagaFlow.Contracts", 0)]
    [InlineData("src/SagaFlow.Worker/SagaFlow.Worker.csproj", "SagaFlow", 1)]
    [InlineData("src/SagaFlow.Contracts/SagaFlow.Contracts.csproj", "SagaFlow.Client", 1)]
    [InlineData("src/SagaFlow/SagaFlow.csproj", "SagaFlow.Worker", 1)]
    [InlineData("src/Samples/Shop/Shop.csproj", "SagaFlow.Testing", 0)]
    [InlineData("src/Samples/Shop/Shop.csproj", "SagaFlow.Tests", 1)]
    [InlineData("src/SagaFlow.Mystery/SagaFlow.Mystery.csproj", "SagaFlow.Contracts", 1)]
    public void References_follow_the_arrows(string path, string target, int expected)
    {
        var project = new SourceFile(path, $"<Project><ItemGroup><ProjectReference Include=\"..\\{target}\\{target}.csproj\" /></ItemGroup></Project>");

        Assert.Equal(expected, ProjectRules.WrongReferences([project]).Count());
    }

    [Theory]
    [InlineData("src/SagaFlow/SagaFlow.csproj", "MassTransit", 0)]
    [InlineData("src/SagaFlow/SagaFlow.csproj", "xunit.assert", 1)]
    [InlineData("src/SagaFlow.Testing/SagaFlow.Testing.csproj", "NSubstitute", 1)]
    [InlineData("src/Samples/Shop/Shop.csproj", "FsCheck", 1)]
    [InlineData("tests/SagaFlow.Tests/SagaFlow.Tests.csproj", "xunit", 0)]
    public void Nothing_under_src_refers_to_a_test_package(string path, string package, int expected)
    {
        var project = new SourceFile(path, $"<Project><ItemGroup><PackageReference Include=\"{package}\" /></ItemGroup></Project>");

        Assert.Equal(expected, ProjectRules.TestPackageReferences([project]).Count());
    }
}
