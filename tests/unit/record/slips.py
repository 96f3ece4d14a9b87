"""Two invented slips, one English and one Chinese, and what poppler and a scanner make of them."""

import base64
import dataclasses
import datetime
import hashlib
import io
import subprocess

import zxingcpp
from PIL import Image

from consent.record.slip import Slip
from consent.record.slip_labels import SLIP_LABELS
from tests.unit.record.samples import CHINESE_LABELS, at

LEAF = hashlib.sha256(b"an entry").hexdigest()
ROOT = hashlib.sha256(b"a list").hexdigest()
ORIGIN = "freely-given/0b0c5a6e7b9a4a559b4e0f6a2f1f2c3d"
SIGNATURE = bytes(range(68))

CHINESE_WORDS = {
    **{key: words for key, words in CHINESE_LABELS.items() if key in SLIP_LABELS},
    "title": "核对凭条",
    "about": (
        "这张凭条证明诊所的清单里有一条记录，以及记录的时间。它不说明记录的内容。"
        "以后有人改动、删除这条记录或改它的日期，这张凭条能证明。"
    ),
    "keep": "请放在只有您自己拿得到的地方。",
    "made_at": "记录时间",
    "clinic": "诊所",
    "origin": "清单名称",
    "index": "条目编号",
    "leaf": "本条目的代码",
    "size": "清单目前的条目数",
    "root": "整份清单的代码",
    "where": "任何人都可以不报姓名，在这里核对",
    "promise": (
        "这张凭条是一个承诺。记录将在{time}之前封存。过后请再打开凭条领取证明。如果那时没有，这张纸能证明承诺没有兑现。"
    ),
}


def _base64(code: bytes) -> str:
    return base64.b64encode(code).decode()


def with_check(*lines: str) -> str:
    """The text of a slip: its lines and the first eight digits of their SHA-256."""
    return "\n".join([*lines, hashlib.sha256("\n".join(lines).encode()).hexdigest()[:8]])


def slip_code(*, index: int = 10_234, size: int = 10_236) -> str:
    leaf, root = _base64(bytes.fromhex(LEAF)), _base64(bytes.fromhex(ROOT))
    return with_check("FG1", ORIGIN, f"{index} {size}", leaf, root, _base64(SIGNATURE))


ENGLISH = Slip(
    language="en",
    site_name="Riverside Women’s Clinic",
    time_zone="Europe/London",
    recorded_at=at(10),
    origin=ORIGIN,
    leaf_hash=LEAF,
    index=10_234,
    size=10_236,
    root_hash=ROOT,
    deadline_at=None,
    anchoring="Never anchored: nobody outside this clinic has seen this list yet.",
    check_address="https://clinic.example.org/log/check/",
    code=slip_code(),
    labels=dict(SLIP_LABELS),
)


def english_slip(**changes: object) -> Slip:
    return dataclasses.replace(ENGLISH, **changes)  # type: ignore[arg-type]


def chinese_slip(**changes: object) -> Slip:
    words: dict[str, object] = {
        "language": "zh-Hans",
        "site_name": "河边妇女诊所",
        "time_zone": "Asia/Shanghai",
        "anchoring": "从未在别处留底：诊所以外还没有任何人见过这份清单。",
        "labels": dict(CHINESE_WORDS),
    }
    return english_slip(**(words | changes))


def as_promise(slip: Slip) -> Slip:
    deadline = slip.recorded_at + datetime.timedelta(seconds=60)
    leaf = _base64(bytes.fromhex(slip.leaf_hash))
    code = with_check("FGP1", ORIGIN, leaf, "2026-03-04T10:06:00.000000Z", _base64(SIGNATURE))
    return dataclasses.replace(slip, index=None, size=None, root_hash="", deadline_at=deadline, code=code)


def picture_of(pdf: bytes, *, dpi: int, page: int = 1) -> Image.Image:
    """A page as a scanner of this resolution sees it."""
    command = ["pdftoppm", "-r", str(dpi), "-png", "-singlefile", "-f", str(page), "-"]
    done = subprocess.run(command, input=pdf, capture_output=True, check=True)
    return Image.open(io.BytesIO(done.stdout)).convert("L")


def scanned(picture: Image.Image) -> list[str]:
    """The text of every code a scanner finds in a picture."""
    return [found.text for found in zxingcpp.read_barcodes(picture)]
