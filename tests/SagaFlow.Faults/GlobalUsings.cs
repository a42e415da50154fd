global using SagaFlow.Faults.Fleet;
global using SagaFlow.Faults.Servers;
