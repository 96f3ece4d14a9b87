"""Answers on paper in the story of a clinic: every kind of entry, and a row of every table."""

import datetime
import uuid

from clinic import clock
from clinic.models import Account
from consent.actions.check_paper import check_paper
from consent.actions.give_on_paper import give_on_paper
from consent.actions.print_paper_form import print_paper_form
from consent.actions.receive_paper import receive_paper
from consent.models import Consent, PaperCheck, PaperForm, PaperScan
from consent.record.paper_code import PaperCode, blank_code, written
from consent.vocabulary import CopyChoice, PaperAnswer, PaperFault
from tests.factories import House
from tests.scanned import scan


def printed(house: House, consent: Consent, *, language: str = "en") -> PaperForm:
    """A form made out for one consent."""
    return print_paper_form(consent_id=consent.pk, language=language, by=house.midwife.account, form_key=uuid.uuid4())


def square_of(form: PaperForm) -> str:
    """What the square on a form says."""
    return written(PaperCode(form_id=form.pk.hex))


def blank_square(consent: Consent) -> str:
    """What the square on a blank form with the words of a consent says."""
    return written(blank_code(fresh=uuid.uuid4().hex, sheet_digest=consent.sheet_version.digest))


def received(
    house: House,
    consent: Consent,
    answer: PaperAnswer = PaperAnswer.YES,
    *,
    square: str | None = None,
    by: Account | None = None,
    happened_at: datetime.datetime | None = None,
) -> PaperScan:
    """A paper came back: by itself printed for this consent a moment ago."""
    square = square or square_of(printed(house, consent))
    return receive_paper(
        consent_id=consent.pk,
        content=scan(square),
        typed_code="",
        answer=answer,
        happened_at=happened_at or clock.now(),
        by=by or house.midwife.account,
        form_key=uuid.uuid4(),
    )


def looked_at(paper: PaperScan, by: Account, fault: PaperFault | None = None) -> PaperCheck:
    """Somebody looked at a paper."""
    return check_paper(scan_id=paper.pk, is_right=fault is None, fault=fault, by=by, form_key=uuid.uuid4())


def found_right(house: House, paper: PaperScan) -> PaperScan:
    """The clinician who proposed it and a colleague found a paper right."""
    looked_at(paper, house.midwife.account)
    looked_at(paper, house.colleague.account)
    return paper


def given_on_paper(house: House, consent: Consent | None = None) -> Consent:
    """A yes on paper that was entered."""
    paper = found_right(house, received(house, consent or house.informed()))
    return give_on_paper(scan_id=paper.pk, by=house.midwife.account, copy_choice=CopyChoice.PAPER)


def tell_paper(house: House) -> None:
    """A yes that is entered and taken back on paper, a no on a blank form, and a paper that is not right."""
    received(house, given_on_paper(house), PaperAnswer.TAKE_BACK)
    refusing = house.informed()
    received(house, refusing, PaperAnswer.NO, square=blank_square(refusing))
    looked_at(received(house, house.informed()), house.colleague.account, PaperFault.NOT_SIGNED)
