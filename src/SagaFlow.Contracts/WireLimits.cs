namespace SagaFlow.Contracts;

/// <summary>The limits of the wire format. Every reader checks them; writers that mean well check them first.</summary>
public static class WireLimits
{
    /// <summary>The greatest body of one message, in bytes: 256 KiB.</summary>
    public const int BodyBytes = 256 * 1024;

    /// <summary>The greatest arguments of an activity, in bytes: 224 KiB, so that request and checkpoint fit one body.</summary>
    public const int ArgumentsBytes = 224 * 1024;

    /// <summary>The greatest checkpoint, in bytes: 16 KiB.</summary>
    public const int CheckpointBytes = 16 * 1024;

    /// <summary>The greatest failure message, and the greatest failure details, in bytes of UTF-8: 16 KiB. Longer text is
    /// cut and ends in <c>… [truncated]</c>.</summary>
    public const int ErrorTextBytes = 16 * 1024;

    /// <summary>The greatest length of a message id, in characters.</summary>
    public const int MessageIdLength = 128;

    /// <summary>The greatest length of a name or id, such as a failure's type, in characters.</summary>
    public const int NameLength = 256;

    /// <summary>The greatest length of an address, in characters.</summary>
    public const int AddressLength = 1024;

    /// <summary>The greatest nesting of a body, payloads included.</summary>
    public const int Depth = 32;

    /// <summary>The greatest duration, in milliseconds: ten years of 365 days.</summary>
    public const long DurationMs = 10L * 365 * 24 * 60 * 60 * 1000;
}
