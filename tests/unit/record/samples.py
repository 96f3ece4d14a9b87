"""Two complete invented records, one English and one Chinese, and a drawn signature."""

import datetime
import io
import tomllib
from pathlib import Path

from PIL import Image, ImageDraw

from consent.record.labels import LABELS
from consent.record_facts import (
    ActOnRecord,
    AlternativeOnRecord,
    ConsentRecord,
    CopyOnPaper,
    DecisionOnRecord,
    EventOnRecord,
    PersonOnRecord,
    SheetSection,
    SignatureOnRecord,
    StrokesOnRecord,
    TalkOnRecord,
    TeachBackOnRecord,
)

DIGEST = "5d41402abc4b2a76b9719d911017c592ae2b1f9f0c5a6d1e8f7c3b2a19087f6e"
CATALOGUE = Path(__file__).parents[3] / "consent" / "catalogue" / "copper-iud-insertion"
CHINESE_LABELS = {
    **{key: text for key, text in LABELS.items() if key.startswith("month_")},
    **{f"month_{month}": str(month) for month in range(1, 13)},
    "title": "您的同意记录",
    "about_heading": "这张纸是什么",
    "about": "这张纸写明告诉了您什么、您怎么回答、在什么时候。这是您自己的一份。谁可以看，由您决定。",
    "about_change": (
        "在操作之前和操作过程中，您随时可以说不，或收回已经说过的“同意”。"
        "不需要理由，也不需要签名，告诉任何一位工作人员就可以了。"
    ),
    "patient_heading": "这是谁的记录",
    "patient_name": "姓名",
    "patient_latin_name": "姓名（拉丁字母）",
    "birth_date": "出生日期",
    "procedure_heading": "操作项目",
    "procedure_name": "项目",
    "side": "身体的哪一侧或部位",
    "procedure_code": "项目代码",
    "state_heading": "您的决定",
    "state_as_of": "以上是{time}的情况。",
    "ended_words": "您当时说的话",
    "sheet_heading": "告诉您的内容",
    "sheet_intro": "灰线旁边是当时给您看的原文。",
    "sheet_title": "标题",
    "sheet_version": "版本",
    "sheet_digest": "原文核对码",
    "rules_heading": "诊所的规则",
    "rules_about": "做任何事之前，都必须符合诊所的规则。任何人都可以阅读。规则不同，代码就不同。",
    "people_heading": "房间里有谁",
    "conversation_heading": "谈话",
    "questions_heading": "您的问题和回答",
    "asked": "问题",
    "answered": "回答",
    "without_word_heading": "未经您同意做过的事",
    "signatures_heading": "签名",
    "signature": "笔迹",
    "signed_name": "签名人",
    "signed_method": "方式",
    "signed_at": "时间",
    "witness": "见证人",
    "events_heading": "一步一步的经过",
    "event_when": "时间",
    "event_what": "经过",
    "event_entry": "条目",
    "no_entry": "无",
    "ledger_heading": "怎样核对这份记录",
    "ledger_about": "诊所有一份只能添加、不能改动的条目清单。下面的数字和代码说明这份记录在清单中的位置。",
    "ledger_origin": "清单名称",
    "ledger_index": "条目编号",
    "ledger_leaf": "本条目的代码",
    "ledger_size": "清单目前的条目数",
    "ledger_root": "整份清单的代码",
    "paper_heading": "关于这一份",
    "consent_id": "同意编号",
    "issued_at": "出具时间",
    "issued_by": "出具单位",
    "time_zone": "所有时间的时区",
    "nothing_recorded": "这里没有记录。",
    "page": "第{page}页，共{pages}页",
    "page_sheet": "告知书：版本{version}，{language}",
    "page_code": "本记录的核对码：{digest}",
    "draft": "草稿",
    "record_digest": "本记录的核对码",
    "seal_about": (
        "这份文件带有诊所的电子印章。印章不是签名：它表示文件由诊所出具，之后没有改动过。"
        "印在纸上时无法核对印章，但可以核对上面的核对码。"
    ),
    "no_seal_about": "这一份没有盖电子印章。它同样是您的，记录的核对码也一样可以核对。",
    "record_check": "每页上的方形码通向诊所的核对页面。在那里，这个核对码能显示这张纸与保存的记录是否一致。",
    "date": "{year}年{month}月{day}日",
    "time": "{date} {clock}（{offset}）",
}


def at(hour: int, minute: int = 5) -> datetime.datetime:
    return datetime.datetime(2026, 3, 4, hour, minute, tzinfo=datetime.UTC)


def signature_png(mode: str = "RGBA") -> bytes:
    ground = (255, 255, 255, 0) if mode == "RGBA" else "white"
    image = Image.new(mode, (600, 200), ground)
    pen = ImageDraw.Draw(image)
    pen.line([(40, 150), (110, 40), (160, 150), (230, 60), (300, 140), (420, 70), (560, 120)], "black", 6)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def sheet_sections(language: str) -> tuple[SheetSection, ...]:
    sheet = tomllib.loads((CATALOGUE / f"{language}.toml").read_text(encoding="utf-8"))
    return tuple(SheetSection(heading=part["heading"], text=part["text"]) for part in sheet["element"])


def signature(*, meaning_code: str, **values: object) -> SignatureOnRecord:
    """A signature; drawn where it has a picture."""
    is_drawn = values["image_png"] is not None
    codes: dict[str, object] = {
        "meaning_code": meaning_code,
        "method_code": "drawn" if is_drawn else "typed",
        "via_code": "clinic-tablet" if is_drawn else "staff",
        "role_code": "patient" if is_drawn else "practitioner",
        "account_name": values["name"],
        "sheet_digest": DIGEST,
        "strokes": StrokesOnRecord(width=600, height=200, strokes=(((40, 150, 0), (110, 40, 90)),))
        if is_drawn
        else None,
    }
    return SignatureOnRecord(**(codes | values))  # type: ignore[arg-type]


def event(number: int, sentence: str, *, kind: str, happened_at: datetime.datetime, index: int | None) -> EventOnRecord:
    """A line of the history; without an index it is the act that made the record."""
    return EventOnRecord(
        happened_at=happened_at,
        sentence=sentence,
        entry_index=index,
        kind=kind,
        entry_id=f"{number:032x}",
        leaf_hash="" if index is None else f"{number:064x}",
    )


ENGLISH_SIGNATURES = (
    signature(
        meaning_code="gives-consent",
        meaning="I give my consent",
        name="Ana María O’Brien-Núñez",
        method="Drawn on the clinic’s tablet",
        signed_at=at(10, 31),
        image_png=signature_png(),
    ),
    signature(
        meaning_code="certifies-as-operator",
        meaning="I certify as the operator",
        name="Dr Sarah Okafor",
        method="Typed name",
        signed_at=at(11),
        image_png=None,
        witness_name="Jo Smith",
    ),
)
ENGLISH_EVENTS = (
    event(1, "Dr Sarah Okafor proposed it.", kind="consent.proposed", happened_at=at(9), index=1041),
    event(
        2,
        "You read the information sheet and talked about it with Dr Sarah Okafor.",
        kind="consent.informed",
        happened_at=at(10),
        index=1042,
    ),
    event(3, "You gave your consent.", kind="consent.given", happened_at=at(10, 31), index=None),
)
ENGLISH_TALK = TalkOnRecord(
    held_at=at(10),
    held_by="Dr Sarah Okafor",
    spoken_language="en",
    text_language="en",
    request_source="patient",
    reading_aids=("read-aloud",),
    interpreter_name="",
    interpreter_organisation="",
    interpreter_qualification="",
    minutes_alone=12,
    alternatives=(AlternativeOnRecord(key="nothing", name="Doing nothing", seconds_open=40),),
    questions=(("Will it hurt?", "For a few minutes."),),
    teach_backs=(
        TeachBackOnRecord(key="removal", question="When can it be taken out?", answer="Any day.", is_understood=True),
    ),
    what_matters="Having children later.",
)
ENGLISH_DECISION = DecisionOnRecord(
    state="given",
    decision="permit",
    category="LARC_IN",
    laterality="left",
    body_site="upper arm",
    request_source="patient",
    purpose="",
    reading_aid="read-aloud",
    copy_choice="paper",
    given_via="clinic-tablet",
    ended_via="",
    ended_reason="",
    proposed_at=at(9),
    informed_at=at(10),
    more_time_asked_at=None,
    given_at=at(10, 31),
    confirmed_at=None,
    was_alone_at_confirmation=None,
    certified_at=at(11),
    ended_at=None,
    proposed_policy_digest=DIGEST,
    signed_policy_digest=DIGEST,
    started_policy_digest="",
)
ISSUED = CopyOnPaper(
    issued_at=at(12),
    ledger_index=1043,
    ledger_leaf=DIGEST[::-1],
    ledger_size=1051,
    ledger_root=DIGEST[7:] + DIGEST[:7],
)
ENGLISH: dict[str, object] = {
    "language": "en",
    "language_note": "",
    "made_at": at(12),
    "act": ActOnRecord(entry_id=f"{3:032x}", kind="consent.given", number=7, previous_leaf=DIGEST),
    "site_name": "Riverside Women’s Clinic",
    "time_zone": "Europe/London",
    "patient_name": "Ana María O’Brien-Núñez",
    "patient_latin_name": "",
    "birth_date": datetime.date(1991, 11, 30),
    "procedure_name": "Copper IUD insertion",
    "procedure_code": "copper-iud-insertion",
    "side": "Left upper arm",
    "decision": ENGLISH_DECISION,
    "ended_words": "",
    "state": "You said yes",
    "state_explained": "You agreed to this procedure.\n\nIt has not been started.",
    "sheet_key": "copper-iud-insertion",
    "sheet_language": "en",
    "sheet_title": "Having a copper IUD put in",
    "sheet_version": "1.0",
    "sheet_digest": DIGEST,
    "sheet_sections": sheet_sections("en"),
    "rules": (("When you were asked", DIGEST), ("When you said yes", DIGEST)),
    "people": (
        PersonOnRecord(role="Clinician", name="Dr Sarah Okafor", note="led the conversation", role_code="practitioner"),
        PersonOnRecord(role="Partner", name="", note="left before you signed", role_code="partner"),
    ),
    "conversation": (
        ("Held on", "4 March 2026, 10:05"),
        ("Language of the talk", "English"),
        ("Time alone with the clinician", "12 minutes"),
        ("In your own words", "It can be taken out whenever I ask.\nI can say no <b>today</b> & later."),
    ),
    "talks": (ENGLISH_TALK,),
    "questions": (
        (
            "Will it hurt?",
            "Some people feel a strong cramp for a few minutes. You can ask for pain relief.",
        ),
        ("Can I have it taken out after a month?", "Yes, whenever you ask."),
    ),
    "without_word": (
        ("Done without your word", "Stopping a bleeding"),
        ("What you were told", "You were asleep and bleeding.\nDr Sarah Okafor"),
    ),
    "signatures": ENGLISH_SIGNATURES,
    "events": ENGLISH_EVENTS,
    "ledger_origin": "freely-given/riverside",
    "consent_id": "0b0c5a6e-7b9a-4a55-9b4e-0f6a2f1f2c3d",
    "procedure_id": "7d3e2c11-52a4-4a0e-9a51-3f0f5d3d2b1a",
    "labels": dict(LABELS),
}


def english_record(**changes: object) -> ConsentRecord:
    """A record with every part filled; `changes` replace fields."""
    return ConsentRecord(**(ENGLISH | changes))  # type: ignore[arg-type]


def chinese_record(**changes: object) -> ConsentRecord:
    values: dict[str, object] = {
        "language": "zh-Hans",
        "site_name": "河边妇女诊所",
        "time_zone": "Asia/Shanghai",
        "patient_name": "欧阳喆媛",
        "patient_latin_name": "Ouyang Zheyuan",
        "procedure_name": "放置含铜宫内节育器",
        "side": "左上臂",
        "state": "您说了“同意”",
        "state_explained": "您同意做这项操作。还没有开始做。",
        "sheet_language": "zh-Hans",
        "sheet_title": "放置含铜宫内节育器（上环）",
        "sheet_sections": sheet_sections("zh-Hans"),
        "rules": (("问您的时候", DIGEST),),
        "people": (PersonOnRecord(role="医生", name="王晓燕", note="主持谈话", role_code="practitioner"),),
        "conversation": (
            ("谈话语言", "普通话"),
            ("您自己的话", "我什么时候想取都可以取；不用说理由……真的。"),
        ),
        "questions": (("会痛吗？", "有些人会感到几分钟比较强的腹痛。您可以要求止痛。"),),
        "without_word": (),
        "signatures": (
            signature(
                meaning_code="gives-consent",
                meaning="我同意",
                name="欧阳喆媛",
                method="在诊所平板电脑上手写",
                signed_at=at(10, 31),
                image_png=signature_png("RGB"),
            ),
        ),
        "events": (
            event(1, "王晓燕医生提出这项操作。", kind="consent.proposed", happened_at=at(9), index=1041),
            event(3, "您说了“同意”。", kind="consent.given", happened_at=at(10, 31), index=1043),
        ),
        "ledger_origin": "freely-given/河边",
        "labels": dict(CHINESE_LABELS),
    }
    return english_record(**(values | changes))
