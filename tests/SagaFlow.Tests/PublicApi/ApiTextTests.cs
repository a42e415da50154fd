namespace SagaFlow.Tests.PublicApi;

public sealed class ApiTextTests
{
    [Fact]
    public void Members_are_written_as_they_are_declared_and_sorted()
    {
        var text = ApiText.Of([typeof(Sample<>)]);

        Assert.Equal(
            """
            abstract class SagaFlow.Tests.PublicApi.ApiTextTests.Sample<T> : IDisposable
                Dictionary<string, T?[]> Map { get; init; }
                const int Limit = 7
                event EventHandler Moved
                override string ToString()
                protected Sample(TimeSpan? pause, bool strict = true)
                required string Name { get; set; }
                static Task<string?> FindAsync<TKey>(out TKey key, CancellationToken cancellationToken = default)
                virtual string? Note { get; protected set; }
                virtual void Dispose()

            """, text);
    }

    [Fact]
    public void Values_of_an_enum_keep_their_order_and_numbers()
    {
        Assert.Equal("enum SagaFlow.Tests.PublicApi.ApiTextTests.Size\n    Small = 1\n    Large = 4\n", ApiText.Of([typeof(Size)]));
    }

    [Fact]
    public void What_is_not_public_is_not_written()
    {
        var text = ApiText.Of([typeof(Sample<>)]);

        Assert.DoesNotContain("Secret", text, StringComparison.Ordinal);
    }

    public enum Size
    {
        Small = 1,
        Large = 4,
    }

    public abstract class Sample<T> : IDisposable
        where T : class
    {
        public const int Limit = 7;

        protected Sample(TimeSpan? pause, bool strict = true) => Secret = (pause, strict);

        public event EventHandler Moved = delegate { };

        public required string Name { get; set; }

        public virtual string? Note { get; protected set; }

        public Dictionary<string, T?[]> Map { get; init; } = [];

        internal object Secret { get; }

        public static Task<string?> FindAsync<TKey>(out TKey? key, CancellationToken cancellationToken = default)
        {
            key = default;
            return Task.FromResult<string?>(null);
        }

        public virtual void Dispose()
        {
            Moved(this, EventArgs.Empty);
            GC.SuppressFinalize(this);
        }

        public override string ToString() => Name;
    }
}
