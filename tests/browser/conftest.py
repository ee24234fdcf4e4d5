"""A real browser, driven by Playwright, that notes every request and all that a page says or tries; skipped where it is not there."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

NEEDS = 'the browser\'s tests need: pip install "whygrad[browser]", and Chromium'
NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update "
    "--disable-sync"
)


class Visit:
    """One page in the browser, with what it did: ``requests`` beside the page itself, ``messages`` of the console and dialogs."""

    def __init__(self, browser: Any, path: Path, width: int, how: dict[str, str]) -> None:  # noqa: ANN401 - Playwright's
        self.requests: list[str] = []
        self.messages: list[str] = []
        self.address = path.as_uri()
        self.page = browser.new_context(viewport={"width": width, "height": 800}, **how).new_page()
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.messages.append(message.text))
        self.page.on("pageerror", lambda error: self.messages.append(str(error)))
        self.page.on("dialog", lambda dialog: (self.messages.append(dialog.message), dialog.dismiss()))
        self.page.goto(self.address)

    def ask(self, script: str) -> Any:  # noqa: ANN401 - whatever the script gives
        """What a script, run from outside, sees in the page."""
        return self.page.evaluate(script)

    def unfold(self) -> None:
        """Open every fold."""
        self.ask("document.querySelectorAll('details').forEach(fold => fold.open = true)")

    def broken_words(self) -> list[str]:
        """The words in cells of tables that begin on one line and end on another; names that are links may."""
        return self.ask(
            """[...document.querySelectorAll('th, td')].flatMap(cell => {
                const broken = [], texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT), range = document.createRange();
                for (let text; text = texts.nextNode();)
                    for (const word of text.parentElement.closest('a') ? [] : text.data.matchAll(/(?<!\\S)[a-z]+(?!\\S)/gi)) {
                        range.setStart(text, word.index);
                        range.setEnd(text, word.index + word[0].length);
                        if (new Set([...range.getClientRects()].map(one => one.top)).size > 1) broken.push(word[0]);
                    }
                return broken;
            })"""
        )

    def serious_faults(self) -> list[str]:
        """What axe-core finds that is serious or critical, with the elements."""
        axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason=NEEDS).Axe()
        violations = axe.run(self.page).response["violations"]
        return [
            f"{one['id']}: {[node['html'][:80] for node in one['nodes'][:3]]}"
            for one in violations
            if one["impact"] in {"serious", "critical"}
        ]


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium, started once."""
    playwright = pytest.importorskip("playwright.sync_api", reason=NEEDS)
    chromium = next(filter(None, map(shutil.which, NAMES)), None)
    if chromium is None:
        pytest.skip(NEEDS)
    with playwright.sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=chromium, args=FLAGS.split())
        yield running
        running.close()


@pytest.fixture
def visit(browser: Any, tmp_path: Path) -> Iterator[Callable[..., Visit]]:  # noqa: ANN401 - Playwright's
    """Open some HTML as a file of its own, in a window of this width; ``color_scheme`` and ``forced_colors`` as Playwright calls them."""
    visits: list[Visit] = []

    def open_(html: str, width: int = 900, **how: str) -> Visit:
        path = tmp_path / f"page{len(visits)}.html"
        path.write_text(html, encoding="utf-8")
        visits.append(Visit(browser, path, width, how))
        return visits[-1]

    yield open_
    for one in visits:
        one.page.context.close()
