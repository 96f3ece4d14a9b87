"""The upper floor as a Django app; puts up the guards, the fences in the code and the checks for both."""

from django.apps import AppConfig


class ConsentConfig(AppConfig):
    name = "consent"
    verbose_name = "Consent"

    def ready(self) -> None:
        from clinic.actions.looks import when_looked
        from consent import checks, guards, ownership, saves
        from consent.actions.note_look import note_look
        from consent.models import history_made

        checks.connect()
        guards.connect()
        ownership.connect()
        saves.connect()
        history_made.connect()
        when_looked(note_look)
