from django.apps import AppConfig


class NeighboursConfig(AppConfig):
    name = "tests.benchmarks.ledger.neighbours"
    label = "neighbours"
    default_auto_field = "django.db.models.BigAutoField"
