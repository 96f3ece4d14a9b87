"""The catalogue of disclosure elements: each thing that must be told, to whom, and on what ground.

Data only; `disclosure` asks it. DE elements are for every kind of care or for several, the others for one kind.

>>> BY_ID["DL-5"].says
'removal whenever you ask, free, without a reason'
"""

from dataclasses import dataclass

from clinic.vocabulary import ProcedureCategory

STER, LARC_IN, LARC_OUT, ABRT, MINOR, MAJOR, ANAES, VACC, TEST, IMG = ProcedureCategory
ALL = frozenset(ProcedureCategory)
INVASIVE = frozenset({STER, LARC_IN, LARC_OUT, ABRT, MINOR, MAJOR})


@dataclass(frozen=True, slots=True)
class Element:
    """One thing that must be told, and to whom."""

    id: str
    says: str
    categories: frozenset[ProcedureCategory]
    source: str


def _elements(prefix: str, category: frozenset[ProcedureCategory], source: str, *says: str) -> tuple[Element, ...]:
    return tuple(Element(f"{prefix}-{number}", text, category, source) for number, text in enumerate(says, start=1))


ELEMENTS: tuple[Element, ...] = (
    Element("DE-01", "you decide, and may say no, wait or stop at any time", ALL, "FIGO 2011"),
    Element("DE-02", "saying no or stopping changes nothing else", ALL, "42 CFR 50 subpart B"),
    Element("DE-03", "what is proposed and why, by its ordinary name", ALL, "NHS consent forms"),
    Element("DE-04", "what is known and what is uncertain", ALL, "GMC 2020"),
    Element("DE-05", "the alternatives, with good and bad sides, also doing nothing", ALL, "Montgomery 2015"),
    Element("DE-06", "benefits and chance of success", ALL, "GMC 2020"),
    Element("DE-07", "risks: common, serious, and those that matter to you", ALL, "Montgomery 2015"),
    Element("DE-08", "discomfort, recovery, time off, what to do in trouble", INVASIVE, "ORS 436.225"),
    Element("DE-09", "the anaesthetic and its effects", frozenset({STER, MAJOR, ANAES}), "ORS 436.225"),
    Element("DE-10", "who will do it, who learns, who else is present", INVASIVE, "RCS guidance"),
    Element("DE-11", "what it costs, and that nobody is paid for your answer", ALL, "Tiahrt amendment, item 2"),
    Element("DE-12", "what might be added in an emergency", frozenset({MAJOR, ANAES}), "NHS consent forms"),
    Element("DE-13", "who sees the record, your copy, complaints, safe contact", ALL, "K.H. v. Slovakia"),
    Element("DE-14", "the limits of confidentiality here", ALL, "WHO 2013"),
    *_elements(
        "DS",
        frozenset({STER}),
        "WHO Family Planning Handbook; FIGO 2011",
        "reversible methods exist, also long-acting ones",
        "it is surgery",
        "its risks and benefits",
        "no more children if it works",
        "it is meant to be permanent",
        "you may change your mind before it, without loss",
        "it does not protect from infections",
        "life may change, people do regret it, and it can fail",
        "the earliest and the latest day, and how to stop it",
        "methods for the partner, whose agreement is not needed",
    ),
    *_elements(
        "DL",
        frozenset({LARC_IN}),
        "Method Information Index Plus",
        "how the device works and how long",
        "its side effects",
        "what to do about them",
        "other methods, and switching",
        "removal whenever you ask, free, without a reason",
    ),
    *_elements(
        "DA",
        frozenset({ABRT}),
        "WHO abortion care guideline 2022",
        "the options, also continuing with support",
        "the choice of method",
        "what to expect, and signs of danger",
        "contraception is another talk, and no condition",
    ),
    *_elements(
        "DV",
        frozenset({VACC}),
        "Vaccine Administration Law of China art. 45",
        "which kind of vaccine it is",
        "its effect",
        "who should not have it",
        "reactions",
        "staying for observation",
        "the health questions asked before",
    ),
    *_elements(
        "DT",
        frozenset({TEST, IMG}),
        "Basic Healthcare Law of China art. 32",
        "what it looks for",
        "false results",
        "what you would do with the result",
        "who gets the result, you first",
    ),
)
BY_ID = {element.id: element for element in ELEMENTS}
