"""Open a clinic."""

from django.db import transaction

from clinic import clock
from clinic.actions.saving import check_fields, tidy
from clinic.models import Site
from clinic.printable import check_printable
from clinic.vocabulary import Preset


@transaction.atomic(durable=True)
def open_site(*, name: str, time_zone: str, preset: Preset) -> Site:
    """Open a clinic with its time zone and rule preset.

    **Takes** an IANA time zone name such as Asia/Shanghai.
    **Raises** InvalidInputError (field name, time_zone or preset).
    **Writes** Site.
    """
    site = Site(name=tidy(name), time_zone=time_zone, preset=preset, opened_at=clock.now())
    check_fields(site)
    check_printable(site.name, field="name")
    site.save(force_insert=True)
    return site
