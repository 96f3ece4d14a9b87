"""The rule table in force, as a row that acts can point at. Kept once for each digest, whole."""

from django.db import IntegrityError, models, transaction

from clinic import clock
from clinic.models import Site
from consent.models import PolicyVersion
from consent.queries.policies import digest_in_force, law_of
from consent.rules.policy_digest import policy_document


def policy_in_force(site: Site) -> tuple[PolicyVersion, list[models.Model]]:
    """The table in force at a site, saved the first time it is used.

    **Gives** the row, and the rows that the calling act must bind in its entry: the row itself when it is new.
    **Raises** PolicyError where the site's rules cannot be read.
    **Writes** PolicyVersion, at most once for each digest.
    """
    digest = digest_in_force(site)
    found = PolicyVersion.objects.filter(digest=digest).first()
    if found is not None:
        return found, []
    table = law_of(site)
    row = PolicyVersion(
        digest=digest, preset=table.preset, document=policy_document(table).decode(), first_used_at=clock.now()
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:  # another site or act kept it a moment ago
        return PolicyVersion.objects.get(digest=digest), []
    return row, [row]
