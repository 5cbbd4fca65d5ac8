"""The certificate of destruction as a page to be read and printed. It says what the signed file says, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from hearthlink.governance.signing import fingerprint

STYLE = "body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a}table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #ccc}td.n{text-align:right}code{overflow-wrap:anywhere}"


def page(said: Mapping[str, Any]) -> str:
    """The whole page, in one file that loads nothing."""
    found, of = said["inventory"], said["of"]
    parts = [
        "<h1>Certificate of destruction</h1>",
        f"<p>{_text(of['study'])}, {_text(of['authority'])}{', project ' + _text(of['project']) if of['project'] else ''}.</p>",
        "<p><strong>Everybody in it was made up.</strong></p>" if said["made_up"] else "",
        f"<p>Done at {_text(said['at'])}.</p><h2>What</h2>",
        _table(
            ("Part", "Files", "Bytes"), ((one["part"], f"{one['files']:,}", f"{one['bytes']:,}") for one in found["parts"])
        ),
        f"<p>The SHA-256 of each file stands in destruction.json. Keys: {len(found['keys'])}, known as</p>",
        _list(found["keys"]),
        "<h2>By whom</h2>",
        _table(
            ("", "Name", "When", "Key"),
            (
                (words, one["name"], one["at"], fingerprint(one["key"]))
                for words, one in (("agreed", said["agreed"]), ("carried out", said["begun"]), ("certified", said))
            ),
        ),
        "<h2>How</h2>",
        _list(said["method"]),
        "<h2>What this does not show</h2>",
        _list(said["limits"]),
        f"<p>Folders of extracts that lie elsewhere, of which nothing was touched: {said['outside']}.</p>" if said["outside"] else "",
        "<h2>What stays</h2>",
        _table(("File", "Holds"), said["stays"].items()),
        "<h2>To check it</h2><p><code>hearthlink verify destruction.json</code></p>",
        f"<p>Head of the ledger, after {said['ledger']['lines']:,} lines: <code>{_text(said['ledger']['head'])}</code></p>",
        "" if said["ledger"]["sound"] else "<p>The ledger had been changed before, and does not verify.</p>",
    ]  # fmt: skip
    body = "\n".join(part for part in parts if part)
    return f'<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>Certificate of destruction</title><style>{STYLE}</style>\n<body>\n{body}\n</body></html>\n'


def _text(said: object) -> str:
    return escape(str(said))


def _list(said: Iterable[object]) -> str:
    return "<ul>" + "".join(f"<li>{_text(one)}</li>" for one in said) + "</ul>"


def _table(headings: tuple[str, ...], rows: Iterable[Iterable[object]]) -> str:
    top = "".join(f'<th scope="col">{_text(one)}</th>' for one in headings)
    return f"<table><tr>{top}</tr>{''.join('<tr>' + ''.join(f'<td>{_text(one)}</td>' for one in row) + '</tr>' for row in rows)}</table>"
