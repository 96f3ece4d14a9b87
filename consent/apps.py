"""The upper floor as a Django app; installs the database guards and the checks for them."""

from django.apps import AppConfig


class ConsentConfig(AppConfig):
    name = "consent"
    verbose_name = "Consent"

    def ready(self) -> None:
        from consent import checks, guards
        from consent.models import history_made

        checks.connect()
        guards.connect()
        history_made.connect()
