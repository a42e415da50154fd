using System.Runtime.Versioning;
using System.Security.Cryptography;
using SagaFlow.Contracts;

namespace SagaFlow.Tokens;

/// <summary>The signing key of the embedded mode: 32 random bytes beside the database, made at the first start.</summary>
internal static class KeyFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private static readonly TimeSpan LongestWrite = TimeSpan.FromSeconds(2);

    public static string PathFor(string databasePath) => databasePath + ".key";

    /// <summary>Reads the key of this database, and makes it first when there is none.</summary>
    /// <exception cref="SagaFlowException">The file cannot be read or made, others may read it, or it does not hold a key.</exception>
    public static SigningKey ReadOrCreate(string databasePath)
    {
        var path = PathFor(databasePath);
        try
        {
            if (!File.Exists(path))
            {
                Create(path);
            }

            AwaitWriter(path);
            return Read(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SagaFlowException($"Key file '{path}' cannot be used: {exception.Message}", exception);
        }
    }

    /// <summary>Makes the key unless there is one by now.</summary>
    internal static void Create(string path)
    {
        // Creating is exclusive, which renaming a finished draft is not: of two starters the first wins, and the other reads.
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        try
        {
            using var file = new FileStream(path, options);
            file.Write(RandomNumberGenerator.GetBytes(SigningKey.MinimumBytes));
            file.Flush(flushToDisk: true);
        }
        catch (IOException) when (File.Exists(path))
        {
        }
    }

    // Another starter may have created the file and not written it yet; what stays short is refused by the read.
    private static void AwaitWriter(string path) => SpinWait.SpinUntil(() => IsWritten(path), LongestWrite);

    private static bool IsWritten(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            return file.Length > 0;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static SigningKey Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        if (!OperatingSystem.IsWindows())
        {
            RefuseIfOthersMayRead(file, path);
        }

        if (file.Length != SigningKey.MinimumBytes)
        {
            throw new SagaFlowException(
                $"Key file '{path}' is {file.Length} bytes long, not {SigningKey.MinimumBytes}: restore it, or delete it to have all open task tokens refused.");
        }

        var secret = new byte[SigningKey.MinimumBytes];
        file.ReadExactly(secret);
        return ToKey(secret, path);
    }

    private static SigningKey ToKey(byte[] secret, string path)
    {
        try
        {
            return new SigningKey(IdOf(secret), secret);
        }
        catch (SagaFlowException exception)
        {
            throw new SagaFlowException($"Key file '{path}' holds no key. {exception.Message}", exception);
        }
    }

    [UnsupportedOSPlatform("windows")]
    private static void RefuseIfOthersMayRead(FileStream file, string path)
    {
        var mode = File.GetUnixFileMode(file.SafeFileHandle);
        if ((mode & Others) != 0)
        {
            throw new SagaFlowException(
                $"Key file '{path}' is open to group or others (mode {Convert.ToString((int)mode, 8).PadLeft(4, '0')}): run 'chmod 600' on it.");
        }
    }

    // A key that replaces another has another id, so that a token of the old one is told apart in logs and rows.
    private static string IdOf(byte[] secret) => "k" + Convert.ToHexStringLower(SHA256.HashData(secret)[..4]);
}
