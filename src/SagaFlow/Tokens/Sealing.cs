using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace SagaFlow.Tokens;

/// <summary>Keeps what holds task tokens so that only this deployment's engines can read it: AES-GCM under a key derived from a signing key.</summary>
/// <remarks>The bytes are the key id's length, the key id, nonce, tag and cipher text. What was sealed with a key that is revoked stays shut.</remarks>
internal sealed class Sealing(KeyRing keys)
{
    private const string Purpose = "sagaflow quarantine";
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    public byte[] Seal(ReadOnlySpan<byte> open)
    {
        // Read once: the ring may be changed while it is used.
        var key = keys.Active;
        var keyId = Encoding.ASCII.GetBytes(key.Id);
        byte[] box = [(byte)keyId.Length, .. keyId, .. RandomNumberGenerator.GetBytes(NonceBytes), .. new byte[TagBytes + open.Length]];
        var parts = box.AsSpan(1 + keyId.Length);
        using var aes = new AesGcm(key.Derive(Purpose), TagBytes);
        aes.Encrypt(parts[..NonceBytes], open, parts[(NonceBytes + TagBytes)..], parts[NonceBytes..(NonceBytes + TagBytes)]);
        return box;
    }

    public bool TryOpen(ReadOnlySpan<byte> box, [NotNullWhen(true)] out byte[]? open)
    {
        open = null;
        if (box.IsEmpty || box.Length < 1 + box[0] + NonceBytes + TagBytes || keys.Find(Encoding.ASCII.GetString(box[1..(1 + box[0])])) is not { } key)
        {
            return false;
        }

        var parts = box[(1 + box[0])..];
        var text = new byte[parts.Length - NonceBytes - TagBytes];
        try
        {
            using var aes = new AesGcm(key.Derive(Purpose), TagBytes);
            aes.Decrypt(parts[..NonceBytes], parts[(NonceBytes + TagBytes)..], parts[NonceBytes..(NonceBytes + TagBytes)], text);
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }

        open = text;
        return true;
    }
}
