"""Asynchronous server entry, for servers that want one."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.config.settings")

application = get_asgi_application()

from consent.checks import refuse_start_without_guards  # noqa: E402  apps must be loaded first

refuse_start_without_guards()
