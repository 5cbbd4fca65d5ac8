"""The report in a real browser: it fits a phone and a desk, its charts can be read, and it fetches nothing."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from html import unescape
from pathlib import Path

import pytest
from made_report import ABOUT, cleared_whole

from hearthlink.report import brief, render

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
SWITCHES = (
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--allow-file-access-from-files",
    "--virtual-time-budget=10000",
)
MEASURE = """<!doctype html><body><iframe style="width:WIDTHpx;height:900px;border:0" src="PAGE.html"></iframe><script>
addEventListener("load", () => {
  const w = document.querySelector("iframe").contentWindow, d = w.document, root = d.documentElement;
  const seen = [...d.querySelectorAll("figure svg[role=img]")].filter(s => s.getBoundingClientRect().width > 0);
  const scale = s => s.getBoundingClientRect().width / s.viewBox.baseVal.width;
  const small = seen.flatMap(s => [...s.querySelectorAll("text")].map(t => parseFloat(t.getAttribute("font-size")) * scale(s)));
  const boxes = [...d.querySelectorAll(".scroll")].map(b => b.getBoundingClientRect().right);
  document.body.textContent = "MEASURED" + JSON.stringify({
    page: root.scrollWidth, view: root.clientWidth, charts: seen.length, figures: d.querySelectorAll("figure").length,
    smallest: Math.min(...small), boxes: Math.max(0, ...boxes), fetched: w.performance.getEntriesByType("resource").length,
    title: d.title}) + "MEASURED";
});
</script></body>"""


def browser() -> str:
    """The browser of this machine. Skips where it has none."""
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip("There is no Chromium on this machine, so the report cannot be looked at.")
    return found


def run(folder: Path, *switches: str) -> str:
    # A sandbox cannot be set up by root, as in a container.
    root = ("--no-sandbox",) if getattr(os, "geteuid", lambda: 1)() == 0 else ()
    command = [browser(), *SWITCHES, *root, f"--user-data-dir={folder / 'profile'}", *switches]
    done = subprocess.run(command, capture_output=True, check=True, timeout=600)
    return done.stdout.decode("utf-8", "replace")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    browser()
    made = tmp_path_factory.mktemp("report")
    (made / "report.html").write_text(render(cleared_whole(), ABOUT), "utf-8")
    (made / "brief.html").write_text(brief(cleared_whole(), ABOUT), "utf-8")
    return made


@pytest.mark.parametrize("width", [320, 360, 390, 768, 1280])
@pytest.mark.parametrize("page", ["report", "brief"])
def test_the_report_fits_the_window(folder: Path, page: str, width: int) -> None:
    """Nothing runs past the edge, each chart is shown once with words of at least 11 pixels, and nothing is fetched."""
    wrapper = folder / f"{page}_at_{width}.html"
    wrapper.write_text(MEASURE.replace("WIDTH", str(width)).replace("PAGE", page), "utf-8")
    out = run(folder, "--window-size=1400,1000", "--dump-dom", wrapper.as_uri())
    found = re.search(r"MEASURED(\{.*\})MEASURED", unescape(out))
    assert found, "the page was not measured"
    seen = json.loads(found[1])
    assert seen["title"].startswith("Children referred")
    assert seen["page"] <= seen["view"]
    assert seen["boxes"] <= seen["view"]
    assert seen["charts"] == seen["figures"] >= (2 if page == "brief" else 20)
    assert seen["smallest"] >= 11
    assert seen["fetched"] == 0


def printed(folder: Path, page: str) -> int:
    """Of how many pages a page is when it is printed."""
    run(folder, "--no-pdf-header-footer", f"--print-to-pdf={folder / page}.pdf", (folder / f"{page}.html").as_uri())
    return len(re.findall(rb"/Type\s*/Page[^s]", (folder / f"{page}.pdf").read_bytes()))


def test_the_report_prints(folder: Path) -> None:
    """With every question it prints to a document of fewer than 80 pages."""
    assert 20 < printed(folder, "report") < 80


def test_the_brief_prints_on_two_pages(folder: Path) -> None:
    """No more and no less."""
    assert printed(folder, "brief") == 2
