"""The world that the tampering tests start from leaves nothing out."""

from django.apps import apps

from consent.models import LedgerEntry
from consent.vocabulary import EntryKind
from tests.factories import House
from tests.story import build_full_story


def test_the_full_story_has_every_kind_of_entry_and_a_row_of_every_evidential_table(house: House) -> None:
    build_full_story(house)
    kinds = set(LedgerEntry.objects.values_list("kind", flat=True))
    assert kinds == {kind.value for kind in EntryKind}
    guarded = [model for model in apps.get_app_config("consent").get_models() if hasattr(model, "guard")]
    assert guarded
    assert [model.__name__ for model in guarded if not model._base_manager.exists()] == []
