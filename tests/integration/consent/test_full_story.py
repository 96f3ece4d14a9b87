"""The world that the tampering tests start from leaves nothing out."""

import pytest
from django.apps import apps

from consent.models import LedgerEntry
from consent.queries.ledger import verify
from consent.vocabulary import EntryKind
from tests.factories import House
from tests.story import build_full_story
from tests.story_ledger import small_tiles

# Only misfortune writes these, and their own tests bring it about. They bind no row, so nothing of them could be
# damaged that is not damaged in every other entry.
MISFORTUNE = {
    EntryKind.ENTRY_QUARANTINED,
    EntryKind.ENTRY_RECOVERED,
    EntryKind.OUT_OF_BAND,
}


def test_the_full_story_has_every_kind_of_entry_and_a_row_of_every_evidential_table(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_tiles(monkeypatch)
    build_full_story(house)
    assert [finding.sentence for finding in verify().findings] == []
    kinds = set(LedgerEntry.objects.values_list("kind", flat=True))
    assert kinds == {kind.value for kind in set(EntryKind) - MISFORTUNE}
    guarded = [model for model in apps.get_app_config("consent").get_models() if hasattr(model, "guard")]
    assert guarded
    assert [model.__name__ for model in guarded if not model._base_manager.exists()] == []
