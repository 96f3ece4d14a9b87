"""The bytes and the tree of the ledger. Plain Python: no Django, no clock, no randomness, no key.

This room turns facts into bytes, bytes into hashes and hashes into roots, and says where stored bytes
disagree. `consent.ledger_store` decides who may write; `consent.queries` compares with the tables.

>>> from consent.ledger.tree import Frontier, leaf_hash
>>> Frontier().append(leaf_hash(b"")).root().hex()[:16]
'6e340b9cffb37a98'
"""
