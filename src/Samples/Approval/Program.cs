using Approval;

await ApprovalHost.Build(args, "approval.db", Console.Out).RunAsync();
