"""One browser for all of these tests, and one page of it that has the verifier open."""

from collections.abc import Iterator
from typing import Any

import pytest

from browsing import chromium, write_page


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="session")
def verifier(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The verifier, open; whatever it throws fails the test that made it throw."""
    opened = browser.new_page()
    opened.goto(write_page(tmp_path_factory.mktemp("verifier")).as_uri())
    yield opened
    opened.close()
