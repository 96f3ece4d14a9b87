"""The long suites of the ledger: crashes, damage and concurrency by the thousand. `make nightly` runs them whole.

LONG_SHARE (1 = all, 0.01 = every hundredth) makes them short enough to try; each prints how many it really did.
"""
