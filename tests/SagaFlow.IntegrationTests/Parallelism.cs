// Two for each core of the smallest machine that these tests run on: more than half of their time is waiting, for deadlines and for servers.
[assembly: CollectionBehavior(MaxParallelThreads = 4)]
