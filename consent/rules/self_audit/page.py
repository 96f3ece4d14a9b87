"""The page `docs/self-audit.md`: every question, its rules, and what cannot be seen.

>>> "wait-broken" in self_audit_page()
True
"""

from consent.rules.markdown import page, table
from consent.rules.self_audit import CHECKS


def self_audit_page() -> str:
    """All questions of the self-audit."""
    rows = ((f"`{check.id}`", check.question, ", ".join(check.rules), check.limit) for check in CHECKS)
    return page(
        "The self-audit",
        "What a state auditor would look for, asked by the clinic itself. `manage.py self_audit` prints for each "
        "question how often the answer was not a plain yes, and at which entries of the ledger. It ends with 0 when "
        "nothing was found, 1 when something was, 2 when it could not look.",
        "- **No names.** A finding is the index of an entry, its kind, and the question. Nobody is named, nothing is "
        "counted for one person, and the same is asked of a yes and of a no. A finding is a place to look at with "
        "the paper in hand; it accuses nobody.\n"
        "- **Only what is open.** Everything is read from the bytes of the entries and from columns that are open to "
        "everybody, so the auditor's own account of the database is enough. What cannot be seen so stands in the last "
        "column.\n"
        "- **Counted anew.** Waits are counted from the stored times, under the rules that were stored with the "
        "signature and with the start. The gate is not asked about itself.\n"
        "- **Where the rules stop a step.** A question that comes from a bar of the rules is asked where that bar "
        "stops a step for this kind of care, not where it only warns.\n"
        "- It says that the record is complete, not that it is true; whether it was changed, `manage.py verify_ledger` "
        "says.",
        table(("Check", "Question", "Rules", "What cannot be seen"), rows),
    )
