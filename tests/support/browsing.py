"""A real browser for tests: found on this machine, or the test that asks is skipped with the reason."""

import base64
import contextlib
import importlib.util
import io
import shutil
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from disclosure_ledger import browser

NAMES = ("chromium", "chromium-browser", "google-chrome")


@contextlib.contextmanager
def chromium() -> Iterator[Any]:
    """A headless Chromium."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None or importlib.util.find_spec("playwright") is None:
        pytest.skip("no Chromium here, or no playwright to drive it: install both to run this test")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield opened
        opened.close()


def write_page(folder: Path, vkeys: Sequence[str] = ()) -> Path:
    """The verifier's page in a folder, as a client would have it."""
    path = folder / "verifier.html"
    path.write_bytes(browser.page(vkeys))
    return path


def packed(path: Path, changed: Mapping[str, bytes] | None = None) -> bytes:
    """A file's bytes; of a folder those of a zip of it, in which some files are changed."""
    if not path.is_dir():
        return path.read_bytes()
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for one in sorted(path.rglob("*")):
            if one.is_file():
                name = one.relative_to(path).as_posix()
                archive.writestr(name, (changed or {}).get(name, one.read_bytes()))
    return made.getvalue()


def run(data: bytes, vkeys: Sequence[str] = (), known: Mapping[str, bytes] | None = None) -> dict[str, Any]:
    """One verification as `verdicts` takes it."""
    kept = [{"name": name, "data": _text(kept)} for name, kept in (known or {}).items()]
    return {"data": _text(data), "vkeys": list(vkeys), "known": kept}


def verdicts(page: Any, runs: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Verify many files in one page: outcome and codes of each, the codes each once, in order."""
    found: list[dict[str, Any]] = page.evaluate(_VERIFY, list(runs))
    return found


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


_VERIFY = """async (runs) => {
  const bytes = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
  const found = [];
  for (const { data, vkeys, known } of runs) {
    const kept = known.map(({ name, data }) => ({ name, bytes: bytes(data) }));
    const file = { name: "file", bytes: bytes(data) };
    const verdict = await disclosureLedgerVerifier.verifyFile(file, { vkeys, known: kept });
    const codes = [...new Set(verdict.findings.map((finding) => finding.code))];
    const rows = verdict.rows.map((row) => row.printed);
    const notices = verdict.notices.map((notice) => notice.word);
    found.push({ outcome: verdict.outcome, codes, rows, hidden: verdict.hidden, notices });
  }
  return found;
}"""
