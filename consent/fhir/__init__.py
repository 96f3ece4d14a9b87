"""The interpreter to other health systems: turns facts about one patient into FHIR R4 and R5 resources.

A pure room: it reads no tables, asks no clock and knows no Django. It decides nothing: what each state becomes stands
in one table (`states.py`), from which docs/fhir.md is printed. Nothing is `active` before the patient's confirmation on
the day, except a no. Holds, notes of the staff and words about pressure cannot enter: the facts have no place for them.

>>> from consent.fhir import bundle_r4, to_bytes
>>> to_bytes(bundle_r4(facts))[:9]  # doctest: +SKIP
b'{"entry":'
"""

from consent.fhir.bundle import bundle_r4, consents_r5, to_bytes
from consent.fhir.choosing import only_these

__all__ = ["bundle_r4", "consents_r5", "only_these", "to_bytes"]
