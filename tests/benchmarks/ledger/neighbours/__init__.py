"""Tables to measure the ledger beside. Installed by `tests.benchmarks.ledger.settings` only."""
