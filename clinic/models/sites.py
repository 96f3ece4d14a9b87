"""Sites: clinics, each with its own time zone, rule preset and ledger."""

import functools
import zoneinfo

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from clinic.models.bases import HouseModel, choices, known_codes
from clinic.vocabulary import Preset


def check_time_zone(name: str) -> None:
    """Raises ValidationError unless the name is an IANA time zone this machine knows."""
    if name not in _time_zones():
        raise ValidationError(_("“%(name)s” is not a time zone; write one like Asia/Shanghai."), params={"name": name})


@functools.cache
def _time_zones() -> frozenset[str]:
    """The names this machine knows; finding them reads hundreds of files, so they are found once."""
    return frozenset(zoneinfo.available_timezones())


class Site(HouseModel):
    """A clinic (FHIR Location)."""

    name = models.CharField(max_length=200)
    time_zone = models.CharField(max_length=64, validators=[check_time_zone])
    preset = models.CharField(max_length=32, choices=choices(Preset), default=Preset.STRICT_DEFAULT)
    opened_at = models.DateTimeField()

    class Meta:
        constraints = (known_codes("preset", Preset, name="site_preset_known"),)

    def __str__(self) -> str:
        return self.name
