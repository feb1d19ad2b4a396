// Twice the cores of a small machine: a test waits for PostgreSQL and for jobs about half of its time.
[assembly: CollectionBehavior(MaxParallelThreads = 4)]
