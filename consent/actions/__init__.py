"""What can be done to a consent: one verb per file, one public function, one transaction, one ledger entry.

Every act takes its locks in one order (procedure, consent, ledger), loads facts after locking, asks a pure rule, writes
rows, and appends one entry through the pen. If the entry cannot be appended, nothing changed.
"""
