namespace SagaFlow;

/// <summary>The options of one <c>ExecuteEach</c>: those of every activity it asks for, and how they are joined.</summary>
public sealed class FanOutOptions : ActivityOptions
{
    /// <summary>Gets or sets when the workflow goes on. Activities that are still open then are canceled.</summary>
    /// <value>The default is <see cref="Join.All"/>.</value>
    public Join Join { get; set; } = Join.All;

    /// <summary>Gets or sets whether <see cref="Join.All"/> ends with the first activity that fails for good.</summary>
    /// <value>The default is <see langword="false"/>: the others are waited for. Other joins end in any case as soon as they
    /// cannot be reached any more.</value>
    public bool FailFast { get; set; }
}
