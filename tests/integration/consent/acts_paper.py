"""The acts about answers on paper, each with the world it needs."""

import uuid
from collections.abc import Callable
from typing import Any

from clinic import clock
from consent.actions.check_paper import check_paper
from consent.actions.give_on_paper import give_on_paper
from consent.actions.print_paper_form import print_paper_form
from consent.actions.receive_paper import receive_paper
from consent.vocabulary import CopyChoice, PaperAnswer, PaperFault
from tests.factories import House
from tests.scanned import scan
from tests.story_paper import found_right, printed, received, square_of

Act = Callable[[], Any]


def form(house: House) -> Act:
    consent, key = house.informed(), uuid.uuid4()
    return lambda: print_paper_form(consent_id=consent.pk, language="en", by=house.midwife.account, form_key=key)


def paper(house: House) -> Act:
    consent, key = house.informed(), uuid.uuid4()
    content, at = scan(square_of(printed(house, consent))), clock.now()
    return lambda: receive_paper(
        consent_id=consent.pk,
        content=content,
        typed_code="",
        answer=PaperAnswer.NO,
        happened_at=at,
        by=house.midwife.account,
        form_key=key,
    )


def look(house: House) -> Act:
    found, key = received(house, house.informed()), uuid.uuid4()
    return lambda: check_paper(
        scan_id=found.pk, is_right=False, fault=PaperFault.UNREADABLE, by=house.colleague.account, form_key=key
    )


def yes(house: House) -> Act:
    found = found_right(house, received(house, house.informed()))
    return lambda: give_on_paper(scan_id=found.pk, by=house.midwife.account, copy_choice=CopyChoice.PAPER)


ACTS: dict[str, Callable[[House], Act]] = {
    "print_paper_form": form,
    "receive_paper": paper,
    "check_paper": look,
    "give_on_paper": yes,
}
