"""Server entry. Refuses to serve from a database whose guards or settings are not as promised."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.config.settings")

application = get_wsgi_application()

from consent.checks import refuse_start_without_guards  # noqa: E402  apps must be loaded first

refuse_start_without_guards()
