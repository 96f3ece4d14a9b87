"""One person at one screen. Finds things as a screen reader does, by role and name, and keeps watch all the while.

Whoever browses here checks every page of a picture for access (labels, contrast, headings, language, nothing wider
than the screen) and, at the end, that no page called another host, broke its security policy or left an error in the
console.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, ConsoleMessage, Error, Locator, Page, Request, Response, expect

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "var" / "screenshots"
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
RUN_AXE = """async () => {
  const found = await axe.run(document, {
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    resultTypes: ["violations"],
  });
  return found.violations.map(one => `${one.id}: ${one.help}: ` + one.nodes.map(node => node.html).join(" | "));
}"""
TOO_WIDE = """() => {
  const most = document.documentElement.clientWidth;
  return [...document.querySelectorAll("body *")]
    .filter(one => one.getBoundingClientRect().right > most + 1)
    .map(one => one.outerHTML.slice(0, 160));
}"""
# The browser's own line about a page that was answered with 4xx. What a page is answered with is asked elsewhere.
ANSWERED_WITH = re.compile(r"Failed to load resource: the server responded with a status of 4\d\d")
NOWHERE = "about:blank"
NO_PICTURE = "Unable to capture screenshot"
DESK: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}}
TABLET: dict[str, Any] = {"viewport": {"width": 820, "height": 1180}, "has_touch": True}
PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}


@dataclass
class Watch:
    """What must never happen while someone browses."""

    address: str
    wrong: list[str] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)  # every page that was asked for, redirects included

    def over(self, context: BrowserContext) -> None:
        context.on("request", self._on_request)
        context.on("response", self._on_response)
        context.on("console", self._on_console)
        context.on("weberror", lambda fault: self.wrong.append(f"script error: {fault.error}"))

    def _on_request(self, request: Request) -> None:
        if not request.url.startswith((f"{self.address}/", "data:", "blob:")):
            self.wrong.append(f"called another host: {request.url}")
        if request.resource_type == "document":
            self.pages.append(f"{request.method} {request.url}")

    def _on_response(self, response: Response) -> None:
        is_page = response.request.resource_type == "document"
        if response.status >= (500 if is_page else 400):
            self.wrong.append(f"{response.status} for {response.request.method} {response.url}")

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not ANSWERED_WITH.match(message.text):
            self.wrong.append(f"console: {message.text}")


class Visitor:
    """Someone with a browser of her own: cookies, screen and language."""

    def __init__(
        self, context: BrowserContext, *, address: str, story: str, numbers: Iterator[int], has_scripts: bool = True
    ) -> None:
        context.set_default_timeout(10_000)
        self.context, self.address, self.story = context, address, story
        self.watch = Watch(address)
        self.watch.over(context)
        self.page: Page = context.new_page()
        self.has_scripts = has_scripts
        self.numbers = numbers  # pictures of all screens of one journey are numbered in one row
        self.actions = 0  # links followed and buttons pressed so far

    # ------------------------------------------------------------------------------------------------ going somewhere

    def visit(self, path: str) -> int:
        """Type an address. Gives the status of the page that is shown in the end."""
        answer = self.page.goto(f"{self.address}{path}")
        assert answer is not None
        return answer.status

    def follow(self, name: str | re.Pattern[str]) -> None:
        self.actions += 1
        self.page.get_by_role("link", name=name, exact=isinstance(name, str)).first.click()
        self.page.wait_for_load_state()  # the whole page: some ask at once what stands on it, and what does not

    def press(self, name: str | re.Pattern[str]) -> int:
        """Press a button that sends a form. Gives the status of the page that comes back."""
        self.actions += 1
        with self.page.expect_navigation() as coming:
            self.button(name).click()
        answer = coming.value
        return answer.status if answer else 0

    @property
    def path(self) -> str:
        """Where this screen is now."""
        return self.page.url.removeprefix(self.address)

    # -------------------------------------------------------------------------------------------------------- filling

    def button(self, name: str | re.Pattern[str]) -> Locator:
        return self.page.get_by_role("button", name=name, exact=isinstance(name, str)).first

    def field(self, label: str | re.Pattern[str]) -> Locator:
        return self.page.get_by_label(label, exact=isinstance(label, str)).first

    def fill(self, label: str | re.Pattern[str], value: str) -> None:
        self.field(label).fill(value)

    def pick(self, label: str | re.Pattern[str], option: str) -> None:
        self.field(label).select_option(label=option)

    def tick(self, label: str | re.Pattern[str], *, within: str | None = None) -> None:
        """Tick a radio button or a checkbox; `within` names the question it answers."""
        place: Page | Locator = self.page if within is None else self.page.get_by_role("group", name=within)
        place.get_by_label(label, exact=isinstance(label, str)).first.check()

    # -------------------------------------------------------------------------------------------------------- looking

    def sees(self, text: str | re.Pattern[str]) -> None:
        expect(self.page.get_by_text(text).first).to_be_visible()

    def heading(self, text: str | re.Pattern[str]) -> None:
        """The page announces itself with this."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(text)

    def sees_nothing_of(self, text: str | re.Pattern[str]) -> None:
        expect(self.page.get_by_text(text)).to_have_count(0)

    def picture(self, step: str) -> None:
        """Keep a picture of the page, and look it over."""
        self._keep(step)
        self.look_over(step)

    def _keep(self, name: str) -> None:
        folder = PICTURES / self.story
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{next(self.numbers):02}-{name}.png"
        for is_last_try in (False, False, True):
            try:
                self.page.screenshot(path=path, full_page=True)
                return
            except Error as refusal:
                # A busy machine's browser now and then has no picture to give of a page that stands; a page that is
                # wrong never answers so.
                if is_last_try or NO_PICTURE not in refusal.message:
                    raise
                self.page.wait_for_timeout(500)

    def look_over(self, step: str) -> None:
        """Whether everybody can use the page: axe finds nothing, nothing is wider than the screen, one main heading."""
        found = []
        if self.has_scripts:
            self.page.evaluate(AXE.read_text(encoding="utf-8"))
            found += self.page.evaluate(RUN_AXE)
            if self.page.evaluate("document.scrollingElement.scrollWidth > window.innerWidth"):
                found.append(f"scrolls sideways: {self.page.evaluate(TOO_WIDE)}")
        if self.page.get_by_role("heading", level=1).count() != 1:
            found.append("not one main heading")
        if not self.page.locator("html").get_attribute("lang"):
            found.append("no language")
        self.watch.wrong += [f"{step} ({self.path}): {one}" for one in found]

    def leave(self) -> None:
        """Close the browser; nothing may have gone wrong in it. The last page stays as a picture."""
        if self.page.url != NOWHERE:
            self._keep("last")
        self.context.close()
        assert not self.watch.wrong, "\n".join(dict.fromkeys(self.watch.wrong))
