// Each test has a cluster, a load and times that it compares.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
