"""Nothing cascades from or into evidence: a row others lean on cannot be deleted, and none goes because another goes.

Every arrow between tables is walked, in both directions, also those of other people's packages that point at ours.
What is not PROTECT stands in one of the two lists below with its reason; an entry that no arrow needs any longer fails.
"""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import connection, models
from django.db.models.deletion import CASCADE, DO_NOTHING, PROTECT
from simple_history.models import HistoricalChanges, HistoricalRecords

from consent.guards import guarded_models

HOUSE = ("clinic", "consent")
FOLLOWED = "simple_history_manager_attribute"  # what simple-history sets on the Meta of a model it follows

# History tables keep every arrow of the table they follow, so that a row's past can still be read whatever becomes of
# the rows it names. No arrow of theirs does anything on delete, none is a constraint in the database, and so none of
# them can take a row away or stand in the way of one.
HISTORY_REASON = "a copy of the past: names what it named then, whether or not that still stands"

# Arrows from other people's tables to ours. They delete their own row when ours goes; ours never goes.
REVIEWED_FROM_OUTSIDE = {
    ("account.EmailAddress", "user"): (
        "allauth's table of e-mail addresses, empty here: accounts carry no address. An Account is never deleted."
    ),
    ("mfa.Authenticator", "user"): (
        "allauth's second factors. A secret of an account dies with it; an Account is never deleted, only deactivated."
    ),
}


def foreign_keys(model: type[models.Model]) -> Iterator[models.ForeignKey]:
    """Every foreign key and one-to-one that has a column in the model's own table."""
    for field in model._meta.local_fields:
        if isinstance(field, models.ForeignKey):
            yield field


def all_arrows() -> Iterator[tuple[type[models.Model], models.ForeignKey]]:
    for model in apps.get_models(include_auto_created=True):
        for field in foreign_keys(model):
            yield model, field


def is_ours(model: type[models.Model]) -> bool:
    return model._meta.app_label in HOUSE


def is_history(model: type[models.Model]) -> bool:
    return issubclass(model, HistoricalChanges)


def name(model: type[models.Model], field: models.ForeignKey) -> str:
    return f"{model._meta.label}.{field.name}"


def unprotected(arrows: Iterator[tuple[type[models.Model], models.ForeignKey]]) -> list[str]:
    """Arrows out of our own tables, history left out, that are not PROTECT with a constraint in the database."""
    return [
        name(model, field)
        for model, field in arrows
        if is_ours(model)
        and not is_history(model)
        and (field.remote_field.on_delete is not PROTECT or not field.db_constraint)
    ]


def test_every_arrow_of_our_tables_protects_what_it_points_at() -> None:
    assert unprotected(all_arrows()) == []


def test_history_keeps_its_arrows_and_does_nothing() -> None:
    arrows = [(model, field) for model, field in all_arrows() if is_history(model)]
    assert arrows, HISTORY_REASON
    wrong = [
        name(model, field)
        for model, field in arrows
        if field.remote_field.on_delete is not DO_NOTHING or field.db_constraint
    ]
    assert wrong == []


def test_history_survives_the_row_it_tells_of() -> None:
    keepers = {
        model._meta.label: keeper
        for model in apps.get_models()
        if is_ours(model)
        for receiver in models.signals.post_delete._live_receivers(sender=model)[0]
        if isinstance(keeper := getattr(receiver, "__self__", None), HistoricalRecords)
    }
    followed = {model._meta.label for model in apps.get_models() if hasattr(model._meta, FOLLOWED)}
    assert set(keepers) == followed
    assert [label for label, keeper in keepers.items() if keeper.cascade_delete_history] == []


def test_no_table_of_ours_is_joined_without_a_model_of_its_own() -> None:
    """A many-to-many would bring a hidden table whose rows cascade."""
    hidden = [field.name for model in apps.get_models() if is_ours(model) for field in model._meta.local_many_to_many]
    assert hidden == []
    parents = [model._meta.label for model in apps.get_models() if is_ours(model) and model._meta.parents]
    assert parents == [], "a child table cascades from its parent"


def test_arrows_from_other_packages_are_reviewed() -> None:
    pointing = {
        (model._meta.label, field.name): field
        for model, field in all_arrows()
        if not is_ours(model) and is_ours(field.related_model)
    }
    assert set(pointing) == set(REVIEWED_FROM_OUTSIDE)
    for key, field in pointing.items():
        assert field.related_model._meta.label == "clinic.Account", key


def test_nothing_falls_when_any_row_of_ours_is_asked_to_go() -> None:
    """From the side of the row that would go: whatever Django would delete along with it is in the reviewed list."""
    falling = {
        (relation.related_model._meta.label, relation.field.name)
        for model in apps.get_models()
        if is_ours(model)
        for relation in model._meta.get_fields(include_hidden=True)
        if relation.auto_created and relation.is_relation and not relation.concrete
        if relation.on_delete not in {PROTECT, DO_NOTHING}
    }
    assert falling == set(REVIEWED_FROM_OUTSIDE)


def test_no_arrow_of_ours_leaves_the_house() -> None:
    """A row of ours that leaned on a table of another package would fall, or hold, by rules that are not ours."""
    leaving = [
        name(model, field) for model, field in all_arrows() if is_ours(model) and not is_ours(field.related_model)
    ]
    assert leaving == []


def test_no_generic_arrow_points_anywhere() -> None:
    """A generic foreign key has no constraint at all, so it is not used."""
    assert [
        model._meta.label
        for model in apps.get_models()
        if is_ours(model) and any(not hasattr(field, "column") for field in model._meta.private_fields)
    ] == []


@pytest.mark.django_db
def test_the_database_itself_holds_every_arrow() -> None:
    """What the models promise stands as a constraint in the tables, and no rule there deletes anything along."""
    missing = []
    with connection.cursor() as cursor:
        for model, field in all_arrows():
            if not is_ours(model) or is_history(model):
                continue
            constraints = connection.introspection.get_constraints(cursor, model._meta.db_table).values()
            goals = {tuple(each["columns"]): each["foreign_key"] for each in constraints if each["foreign_key"]}
            if goals.get((field.column,)) != (field.related_model._meta.db_table, field.target_field.column):
                missing.append(name(model, field))
    assert missing == []


@pytest.mark.django_db
@pytest.mark.sqlite
@pytest.mark.skipif(connection.vendor != "sqlite", reason="reads SQLite's own list of foreign keys")
def test_sqlite_deletes_nothing_along() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT m.name, f."from", f.on_delete, f.on_update FROM sqlite_master m'
            " JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table'"
        )
        rows = cursor.fetchall()
    assert rows
    assert [row for row in rows if row[2] != "NO ACTION" or row[3] != "NO ACTION"] == []


def test_evidence_is_never_the_falling_side() -> None:
    evidence = {model for model, _guard in guarded_models()}
    others = set(apps.get_app_config("consent").get_models()) - evidence
    unguarded = {model.__name__ for model in others}
    assert unguarded == {"TalkDraft", "LedgerWaiting", "LedgerLease", "WitnessedLog"}, (
        "what is not recorded, or kept twice"
    )
    cascading = [
        name(model, field)
        for model, field in all_arrows()
        if (model in evidence or field.related_model in evidence) and field.remote_field.on_delete is CASCADE
    ]
    assert cascading == []


def test_the_walk_sees_a_cascade() -> None:
    """Planted: the same questions, asked of an arrow that cascades, name it."""

    class Loose(models.Model):
        site = models.ForeignKey("clinic.Site", on_delete=CASCADE, related_name="+")

        class Meta:
            app_label = "clinic"
            managed = False

        def __str__(self) -> str:
            return ""

    try:
        (field,) = foreign_keys(Loose)
        assert unprotected(iter([(Loose, field)])) == ["clinic.Loose.site"]
    finally:
        del apps.all_models["clinic"]["loose"]
        apps.clear_cache()
