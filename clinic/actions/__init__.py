"""Everything that changes the ground floor: one verb a file, one public function, keyword arguments only.

Each runs in one transaction, asks for itself whether the person may, and leaves history with the person's name.

>>> from clinic.actions.check_in import check_in
>>> check_in.__name__
'check_in'
"""
