"""Which rule table holds: at a site now, and for a consent that was signed under another one.

Read once in a process, so that one request is never judged by two tables: a change of a rule file needs a restart, and
the start-up check (`consent.checks`) reads every file first.
"""

import functools
import uuid

from django.conf import settings

from clinic.models import Site
from clinic.vocabulary import Preset
from consent.models import Consent, PolicyVersion
from consent.rules.policy import RuleTable
from consent.rules.policy_digest import policy_digest, read_policy_document
from consent.rules.ratchet import stricter_of
from consent.rules.site_rules import table_of_site


def law_of(site: Site) -> RuleTable:
    """The table in force at a site: its preset, and what the site has tightened. **Raises** PolicyError."""
    return _law(Preset(site.preset), site.pk)


def digest_in_force(site: Site) -> str:
    """The digest of that table, 64 hex characters."""
    return _digest(Preset(site.preset), site.pk)


def law_for(site: Site, consent: Consent | None) -> RuleTable:
    """What a consent is judged by: the stricter of the table it was signed under and the one in force now."""
    signed = consent.signed_policy_id if consent else None
    return law_of(site) if signed is None else _joined(Preset(site.preset), site.pk, signed)


def presets_of_sites(*, using: str) -> dict[uuid.UUID, Preset]:
    """The preset of every site of a database."""
    return {pk: Preset(preset) for pk, preset in Site.objects.using(using).values_list("pk", "preset")}


@functools.cache
def _law(preset: Preset, site_id: uuid.UUID) -> RuleTable:
    return table_of_site(preset, site_id, folder=settings.FREELY_GIVEN_SITE_RULES)


@functools.cache
def _digest(preset: Preset, site_id: uuid.UUID) -> str:
    return policy_digest(_law(preset, site_id))


@functools.lru_cache(maxsize=256)
def _joined(preset: Preset, site_id: uuid.UUID, signed_policy_id: uuid.UUID) -> RuleTable:
    now = _law(preset, site_id)
    version = PolicyVersion.objects.get(pk=signed_policy_id)
    if version.digest == _digest(preset, site_id):
        return now
    return stricter_of(now, read_policy_document(version.document.encode()))
