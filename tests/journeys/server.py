"""What gunicorn serves in journeys: the clinic itself, with a clock that the journey can move. For tests only."""

from clinic.config.wsgi import application
from tests.journeys import ticking

ticking.install()

__all__ = ["application"]
