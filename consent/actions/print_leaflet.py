"""Print: a paper that is safe to show, finished and sealed with the clinic's seal where it has one."""

import uuid

from consent.actions.seal_copy import seal_with
from consent.queries.seals import usable_seal
from consent.record.finish import finish
from consent.record.leaflet import Leaflet, render_leaflet


def print_leaflet(leaflet: Leaflet, *, site_id: uuid.UUID) -> bytes:
    """The finished file. It is signed by nobody; a seal says only which clinic issued it. Nothing is written.

    **Raises** RecordError when something in it cannot be printed.
    """
    pdf = finish(render_leaflet(leaflet), language=leaflet.language)
    seal = usable_seal(site_id)
    return pdf if seal is None else seal_with(pdf, site_seal=seal).pdf
