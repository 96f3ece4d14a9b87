"""Withdraw against start: two real processes, one database, both orders. Run on SQLite and on PostgreSQL."""
