"""A talk that somebody interpreted, a page of another that is still being written, and who signed for what was said."""

from consent.actions.state_as_obtainer import state_as_obtainer
from consent.actions.talk_draft import ALONE_BEGINS, keep_draft
from tests.factories import House


def tell_talk(house: House) -> None:
    """The statements of an interpreter and of an obtainer, and a draft."""
    interpreted = house.given(house.procedure(house.patient("Test Patient Two", languages=["zh-Hans"])))
    state_as_obtainer(consent_id=interpreted.pk, typed_name="Test Midwife", by=house.midwife.account)
    keep_draft(
        consent_id=house.proposed().pk,
        answers={"what_matters": "To feel well."},
        mark=ALONE_BEGINS,
        by=house.midwife.account,
    )
