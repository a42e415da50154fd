using DataRouting;
using DataRouting.CommandLine;
using DataRouting.Packets;
using SagaFlow.Contracts;

const int badInput = 2;

try
{
    var options = RoutingCommand.Read(args);
    if (options is null)
    {
        return 0;
    }

    if (options.Role is RoutingRole.Worker or RoutingRole.Transmit || options.Packets == RoutingOptions.NoPackets)
    {
        return await RoutingRun.ServeAsync(options);
    }

    var packets = PacketFile.Read(options.Packets);
    return await RoutingRun.RunAsync(options, packets);
}
catch (Exception exception) when (exception is BadInputException or SagaFlowException)
{
    await Console.Error.WriteLineAsync($"error: {exception.Message}");
    return badInput;
}
