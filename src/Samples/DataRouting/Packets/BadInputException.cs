namespace DataRouting.Packets;

/// <summary>Something the user gave cannot be used. Its message is the one line that the user sees.</summary>
public sealed class BadInputException(string message) : Exception(message);
