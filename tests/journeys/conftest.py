"""One server, one world and one Chromium for all journeys; a clinic, a clock and screens of its own for each."""

import itertools
import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.journeys import fonts
from tests.journeys.browsing import PICTURES, Visitor
from tests.journeys.processes import MORNING, Server, World, environment

FLAGS = [
    "--no-sandbox",  # tests may run as root; no page but our own is opened
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
]
Open = Callable[..., Visitor]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.journey)


@pytest.fixture(scope="session")
def processes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, Server]]:
    """World and server on one fresh database, until the last journey is over."""
    folder = tmp_path_factory.mktemp("journeys")
    variables = environment(folder)
    world = World(folder, variables)
    try:
        world.prepare()
        with Server(folder, variables) as server:
            yield world, server
    finally:
        world.end()


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """The machine's own Chromium; CHROMIUM names another one."""
    program = os.environ.get("CHROMIUM") or shutil.which("chromium")
    assert program, "no Chromium was found: install it, or name one with CHROMIUM"
    folder = tmp_path_factory.mktemp("browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS, env=fonts.environment(folder))
        yield browser
        browser.close()


@pytest.fixture
def world(processes: tuple[World, Server]) -> World:
    """The maker of rows, with the clock at ten in the morning of the same day for every journey."""
    world, _server = processes
    world.at(MORNING)
    return world


@pytest.fixture
def open_screen(processes: tuple[World, Server], chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Open]:
    """Opens screens: open_screen(TABLET), open_screen(PHONE, locale="zh-CN"). Each is checked when it is closed."""
    _world, server = processes
    name = re.sub(r"\W+", "_", request.node.name.removeprefix("test_")).strip("_")
    visitors: list[Visitor] = []
    numbers = itertools.count(1)
    shutil.rmtree(PICTURES / name, ignore_errors=True)

    def opened(device: dict[str, Any], *, locale: str = "en-GB", **options: Any) -> Visitor:
        context = chromium.new_context(**{**device, "locale": locale, "service_workers": "block", **options})
        has_scripts = options.get("java_script_enabled", True)
        visitor = Visitor(context, address=server.address, story=name, numbers=numbers, has_scripts=has_scripts)
        visitors.append(visitor)
        return visitor

    yield opened
    for visitor in visitors:
        visitor.leave()
