"""The invented people and plans of the demonstration clinic, and how far each consent has come."""

from dataclasses import dataclass

from consent.vocabulary import ConsentState

DEMO_SITE = "Demonstration Clinic (everyone here is invented)"


@dataclass(frozen=True, kw_only=True, slots=True)
class DemoPatient:
    """An invented patient, the procedure planned for her, and the state its consent should be brought to."""

    name: str
    latin_name: str
    born: str
    language: str
    procedure: str
    state: ConsentState | None


PATIENTS = (
    DemoPatient(
        name="Anna Example",
        latin_name="",
        born="1994-05-17",
        language="en",
        procedure="copper-iud-insertion",
        state=ConsentState.INFORMED,
    ),
    DemoPatient(
        name="测试 小红",
        latin_name="Xiaohong Ceshi",
        born="1990-02-03",
        language="zh-Hans",
        procedure="copper-iud-insertion",
        state=ConsentState.GIVEN,
    ),
    DemoPatient(
        name="Grace Sample",
        latin_name="",
        born="1985-11-30",
        language="en",
        procedure="tubal-ligation",
        state=ConsentState.INFORMED,  # she signs an hour after the talk at the earliest
    ),
    DemoPatient(
        name="Nobody Invented",
        latin_name="",
        born="1998-08-08",
        language="en",
        procedure="implant-insertion",
        state=ConsentState.REFUSED,
    ),
    DemoPatient(
        name="Plain Placeholder",
        latin_name="",
        born="1979-01-01",
        language="en",
        procedure="vasectomy",
        state=ConsentState.DRAFT,
    ),
    DemoPatient(
        name="虚构 人物",
        latin_name="Renwu Xugou",
        born="2001-06-15",
        language="zh-Hans",
        procedure="pregnancy-test",
        state=None,
    ),
)
