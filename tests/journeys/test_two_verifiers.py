"""The page that checks slips in a browser says what the Python verifier and the ledger's own reader say.

Three readers of one format, without a line in common. `RECEIPTS` says how many made-up receipts they are given; the
nightly suite gives them 100,000. `FIRST_RECEIPT` begins elsewhere in the same endless row.
"""

import base64
import os
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from consent.ledger.policy import parse_policy
from consent.ledger.refusals import RefusalError, UnreadableError
from consent.ledger.tlog_proof import verify_receipt
from tests.journeys.browsing import AXE, PHONE, PICTURES, RUN_AXE, TOO_WIDE
from tests.journeys.receipts_at_random import Case, case
from tests.unit.verifier.golden import FOLDER
from tests.unit.verifier.small_log import VERIFIER, verifier

PAGE = VERIFIER.with_suffix(".html")
RECEIPTS = int(os.environ.get("RECEIPTS", "2000"))
FIRST = int(os.environ.get("FIRST_RECEIPT", "0"))
BATCH = 500
IN_THE_PAGE = """async (batch) => {
  const bytes = (text) => text === null ? null : Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  return Promise.all(batch.map((parts) => freelyGivenVerify(...parts.map(bytes))));
}"""
Verdicts = tuple[int, int, int]


@pytest.fixture(scope="module")
def page(chromium: Browser) -> Iterator[Page]:
    """The page as it lies on somebody's disk."""
    context = chromium.new_context()
    page = context.new_page()
    page.goto(PAGE.as_uri())
    yield page
    context.close()


def in_the_page(page: Page, batch: list[tuple[bytes | None, ...]]) -> list[dict[str, Any]]:
    texts = [[None if part is None else base64.b64encode(part).decode() for part in parts] for parts in batch]
    found = page.evaluate(IN_THE_PAGE, texts)
    assert isinstance(found, list)
    return found


def by_the_file(receipt: bytes, policy: bytes) -> int:
    """What the Python verifier says."""
    verify = verifier()
    try:
        known = verify.policy_from(policy)
        found, report = verify.receipt_from(receipt, known), verify.Report()
    except verify.UnreadableError:
        return 2
    except verify.ContradictionError:
        return 1
    verify.anchor(report, found.checkpoint, known)
    verify.check_quorum(report, found.checkpoint, known)
    return int(report.code)


def by_the_ledger(receipt: bytes, policy: bytes) -> int:
    """What the ledger's own reader says."""
    try:
        verify_receipt(receipt, parse_policy(policy))
    except UnreadableError:
        return 2
    except RefusalError:
        return 1
    return 0


def golden(name: str) -> bytes:
    return FOLDER.joinpath(name).read_bytes()


def judged(page: Page, first: int, count: int) -> Iterator[tuple[int, Case, Verdicts, str]]:
    """Each case with its three verdicts, and what the page said."""
    for start in range(first, first + count, BATCH):
        numbers = range(start, min(start + BATCH, first + count))
        cases = [case(number) for number in numbers]
        pairs = [(each.text(), each.policy) for each in cases]
        for number, each, (receipt, policy), said in zip(
            numbers, cases, pairs, in_the_page(page, [*pairs]), strict=True
        ):
            codes = (said["code"], by_the_file(receipt, policy), by_the_ledger(receipt, policy))
            yield number, each, codes, " ".join(said["lines"])


def test_three_readers_say_the_same_of_every_receipt(page: Page):
    counts: Counter[int] = Counter()
    kinds: set[tuple[str, int]] = set()
    differ: list[str] = []
    for number, each, codes, said in judged(page, FIRST, RECEIPTS):
        counts[codes[1]] += 1
        kinds.add((each.made_by.split(" and ")[0], codes[1]))
        if len(set(codes)) != 1:
            differ.append(f"{number} ({each.made_by}): page, file, ledger = {codes}: {said[:200]}")
    said = f"{counts[0]} proven, {counts[1]} contradicted, {counts[2]} unreadable, {len(differ)} differ"
    print(said)  # noqa: T201  the nightly suite shows its counts
    assert differ == []
    assert min(counts[code] for code in (0, 1, 2)) > RECEIPTS / 20
    assert ("good", 0) in kinds
    assert not kinds & {("good", 1), ("good", 2)}


@pytest.mark.parametrize(
    "name", ["slip.txt", "promise.txt", "promise-slip.txt", "checkpoint.txt", "receipt.tlog-proof"]
)
def test_the_page_reads_every_golden_file(page: Page, name: str):
    [said] = in_the_page(page, [(golden(name), golden("policy-none.txt"))])
    assert said["code"] == 0, said
    assert "anchored" in said["lines"][-1].lower()


@pytest.mark.parametrize("name", ["slip.txt", "promise.txt", "promise-slip.txt"])
def test_the_page_refuses_every_wrong_character(page: Page, name: str):
    known, data = golden("policy-none.txt"), golden(name)
    changed = [data[:at] + (b"B" if data[at : at + 1] == b"A" else b"A") + data[at + 1 :] for at in range(len(data))]
    assert {said["code"] for said in in_the_page(page, [(each, known) for each in changed])} <= {1, 2}


@pytest.mark.parametrize(
    ("one", "other", "code"),
    [
        ("slip.txt", "slip.txt", 0),
        ("checkpoint.txt", "receipt.tlog-proof", 0),
        ("fork-1.txt", "fork-2.txt", 1),
        ("fork-2.txt", "fork-1.txt", 1),
        ("slip.txt", "checkpoint.txt", 2),
        ("slip.txt", "policy.txt", 2),
    ],
)
def test_both_compare_golden_files_alike(
    page: Page, capsys: pytest.CaptureFixture[str], one: str, other: str, code: int
):
    [said] = in_the_page(page, [(golden(one), golden("policy-none.txt"), golden(other))])
    files = [str(FOLDER / name) for name in (one, other, "policy-none.txt")]
    assert verifier().main(["compare", *files[:2], "--policy", files[2]]) == said["code"] == code
    assert "CONTRADICT" in capsys.readouterr().out.upper() or code != 1
    assert len(said["notes"]) == (2 if code == 1 else 0)


# ----------------------------------------------------------------------------------------------------- one person alone


def picture(page: Page, name: str) -> list[str]:
    """Keeps a picture, and gives what keeps somebody from using the page."""
    folder = PICTURES / "two_verifiers"
    folder.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=folder / f"{name}.png", full_page=True)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(RUN_AXE)
    assert isinstance(found, list)
    return [*found, *page.evaluate(TOO_WIDE)]


def watch(page: Page, wrong: list[str], asked: list[str]) -> None:
    """Notes what goes wrong in a page, and every address it asks for."""
    page.on("console", lambda message: wrong.append(message.text))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))


def test_a_patient_checks_her_slip_without_anybody(chromium: Browser):
    """On a phone, from a file, by keyboard alone, and nobody is asked anything."""
    context, wrong, asked = chromium.new_context(**PHONE, offline=True), list[str](), list[str]()
    page = context.new_page()
    watch(page, wrong, asked)
    page.goto(PAGE.as_uri())
    faults = picture(page, "1-empty")
    answer, check = page.get_by_role("status"), page.get_by_role("button", name="Check")
    check.press("Enter")
    expect(answer).to_contain_text("CANNOT BE READ")
    expect(answer).to_contain_text("Fill in the first two boxes.")

    slip = golden("slip.txt").decode()
    page.get_by_label("Policy: the keys of the ledger").fill(golden("policy-none.txt").decode())
    page.get_by_label("The text of a slip").fill(f"{slip}\n")
    page.get_by_label("The text of a slip").press("Tab")
    for _field in range(3):
        page.keyboard.press("Tab")
    expect(check).to_be_focused()
    page.keyboard.press("Space")
    expect(answer).to_contain_text("PROVEN")
    expect(answer).not_to_contain_text("NOT PROVEN")
    expect(answer).to_contain_text("Never anchored")
    faults += picture(page, "2-proven")

    page.get_by_label("The text of a slip").fill(slip.replace("FG1\nfreely", "FG1\nfreeiy"))
    check.press("Enter")
    expect(answer).to_contain_text("CANNOT BE READ")
    expect(answer).to_contain_text("at least one character is wrong")
    faults += picture(page, "3-unreadable")

    page.get_by_label("The text of a slip").fill(golden("fork-1.txt").decode())
    page.get_by_label("Another slip").fill(golden("fork-2.txt").decode())
    check.press("Enter")
    expect(answer).to_contain_text("CONTRADICTED")
    assert page.locator("#answer pre").count() == 2
    faults += picture(page, "4-contradicted")
    assert page.evaluate("document.scrollingElement.scrollWidth <= window.innerWidth")
    context.close()
    assert (wrong, faults, asked) == ([], [], [PAGE.as_uri()])
