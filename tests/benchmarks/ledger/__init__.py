"""What the ledger costs, beside its neighbours, in one run on one machine; only ratios leave it. Run by `make bench`.

Nothing here is product code: the neighbours (a plain table, one with history alone, django-auditlog, django-pghistory,
a hash chain with one head) live in a small app of their own that only `settings` of this package installs.
"""
