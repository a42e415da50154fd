using SagaFlow.Contracts;
using SagaFlow.Tokens;
using static SagaFlow.Tests.Tokens.TokenSamples;

namespace SagaFlow.Tests.Tokens;

public sealed class KeyFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sagaflow-key-");

    private string Database => Path.Combine(_folder.FullName, "orders.db");

    private string KeyPath => Database + ".key";

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void The_first_start_makes_a_key_that_only_its_owner_may_read_and_leaves_nothing_else()
    {
        KeyFile.ReadOrCreate(Database);

        Assert.Equal(32, new FileInfo(KeyPath).Length);
        Assert.Equal([KeyPath], Directory.GetFiles(_folder.FullName));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KeyPath));
        }
    }

    [Fact]
    public void Later_starts_read_the_same_key_and_other_databases_have_others()
    {
        var token = Mint(KeyFile.ReadOrCreate(Database));

        Assert.Equal(token, Mint(KeyFile.ReadOrCreate(Database)));
        Assert.NotEqual(token, Mint(KeyFile.ReadOrCreate(Database + "2")));
    }

    [Fact]
    public void Starters_that_race_end_with_one_key()
    {
        const int rounds = 50;
        for (var round = 0; round < rounds; round++)
        {
            var database = $"{Database}{round}";
            var tokens = new TaskToken[16];

            Parallel.For(0, tokens.Length, i => tokens[i] = Mint(KeyFile.ReadOrCreate(database)));

            Assert.Single(tokens.Distinct());
        }

        Assert.Equal(rounds, Directory.GetFiles(_folder.FullName).Length);
    }

    [Fact]
    public void A_starter_that_saw_no_key_but_comes_second_does_not_replace_it()
    {
        var first = Mint(KeyFile.ReadOrCreate(Database));

        KeyFile.Create(KeyPath);

        Assert.Equal(first, Mint(KeyFile.ReadOrCreate(Database)));
        Assert.Equal([KeyPath], Directory.GetFiles(_folder.FullName));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    public void A_key_of_another_length_is_refused_in_one_line_that_names_the_file(int length)
    {
        Write(Enumerable.Range(0, length).Select(x => (byte)x).ToArray());

        AssertRefused($"is {length} bytes long");
    }

    [Fact]
    public void A_key_of_one_byte_repeated_is_refused()
    {
        Write(new byte[32]);

        AssertRefused("one byte repeated");
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead, "0640")]
    [InlineData(UnixFileMode.OtherRead, "0604")]
    [InlineData(UnixFileMode.GroupWrite, "0620")]
    public void A_key_that_others_may_use_is_refused(UnixFileMode also, string mode)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        KeyFile.ReadOrCreate(Database);
        File.SetUnixFileMode(KeyPath, UnixFileMode.UserRead | UnixFileMode.UserWrite | also);

        AssertRefused(mode);
    }

    [Fact]
    public void A_folder_that_does_not_exist_is_named()
    {
        var error = Assert.Throws<SagaFlowException>(() => KeyFile.ReadOrCreate(Path.Combine(_folder.FullName, "none", "orders.db")));

        Assert.Contains("none", error.Message, StringComparison.Ordinal);
    }

    private static TaskToken Mint(SigningKey key) => new TokenSigner(new KeyRing(key)).Mint(Claims);

    private void Write(byte[] bytes)
    {
        File.WriteAllBytes(KeyPath, bytes);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(KeyPath, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    private void AssertRefused(string problem)
    {
        var error = Assert.Throws<SagaFlowException>(() => KeyFile.ReadOrCreate(Database));

        Assert.Contains(KeyPath, error.Message, StringComparison.Ordinal);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }
}
