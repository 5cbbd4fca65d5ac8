"""Make the invented authority and write what its systems export, ward by ward, in memory that does not grow."""

from __future__ import annotations

import gc
import json
import multiprocessing
import tempfile
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO, TypeAlias, TypeVar

from hearthlink.errors import DataProblem, WrongUse
from hearthlink.synthetic.ward import WardPlan, make_ward, plan_wards
from hearthlink.synthetic.world import Settings, Ward
from hearthlink.synthetic.writing import tables as write_tables
from hearthlink.synthetic.writing.formats import chosen, require_known
from hearthlink.synthetic.writing.text import Part

MANIFEST = "made-up.json"

Progress: TypeAlias = Callable[[int, int], None]
_Parts: TypeAlias = dict[str, Part]
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of what was made. ``born`` and ``on_benefit`` are of referred children; ``claims`` are all claims."""

    children: int = 0
    born: int = 0
    on_benefit: int = 0
    households: int = 0
    claims: int = 0
    care_records: int = 0

    def __add__(self, other: Tally) -> Tally:
        """Both counts together."""
        return Tally(
            self.children + other.children,
            self.born + other.born,
            self.on_benefit + other.on_benefit,
            self.households + other.households,
            self.claims + other.claims,
            self.care_records + other.care_records,
        )


@dataclass(frozen=True, slots=True)
class Made:
    """What was made: the folder, the files in it by relative path, and the counts.

    ``share`` is the realised share of born referred children in a household with a claim in payment.
    """

    folder: Path
    files: tuple[str, ...]
    tally: Tally

    @property
    def share(self) -> float:
        """The realised share; nought where there is no born child."""
        return self.tally.on_benefit / self.tally.born if self.tally.born else 0.0


def wards(settings: Settings) -> Iterator[Ward]:
    """Every ward of the authority, one at a time.

    Raises WrongUse where the settings cannot be met.
    """
    require_possible(settings)
    for plan in plan_wards(settings):
        yield make_ward(settings, plan)


def require_possible(settings: Settings) -> None:
    """Raise WrongUse for settings that no authority could have."""
    needed = settings.share * settings.children / 1.1
    for wrong, column, remedy in (
        (settings.children < 50, "children", "Ask for 50 children or more."),
        (not 0 <= settings.share <= 1, "share", "Give a share between 0 and 1."),
        (not 1 <= settings.months <= 120, "months", "Ask for 1 to 120 months."),
        (settings.error_scale < 0, "error_scale", "Give 0 or more."),
        (settings.event_months < 0, "event_months", "Give 0 or more."),
        (not 0 <= settings.held_back < settings.months, "held_back", "Give fewer months than there are."),
        (settings.refresh < 0, "refresh", "Give 0 or more."),
        (
            settings.households < needed,
            "households",
            f"So many children on benefit need {int(needed) + 1:,} households or more.",
        ),
        (not _is_year(settings.year), "year", "Give a year as 2019-20."),
    ):
        if wrong:
            raise WrongUse("The invented authority cannot be made so.", column=column, remedy=remedy)
    require_known(settings.layouts)


def _is_year(text: str) -> bool:
    first, _, second = text.partition("-")
    return (
        len(first) == 4 and first.isdigit() and second.isdigit() and int(second) == (int(first) + 1) % 100
        and len(second) == 2 and 2010 <= int(first) <= 2035
    )  # fmt: skip


# --- writing ------------------------------------------------------------------------------------------------


def synthesise(
    out: Path,
    settings: Settings,
    *,
    tables_only: bool = False,
    processes: int = 1,
    progress: Progress | None = None,
) -> Made:
    """Write the invented authority under a folder: the same bytes for the same settings, however many processes.

    ``tables_only`` writes Parquet person tables instead of the export formats. ``progress`` is told wards done and in all.
    Earlier made-up files in the folder are replaced once all new ones are whole; anything else there is a WrongUse.
    """
    require_possible(settings)
    earlier = _earlier_files(out)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".hearthlink-making-", dir=out.parent) as scratch:
            folder = Path(scratch)
            write = _write_tables if tables_only else _write_exports
            tally = write(folder, settings, processes, progress)
            files = tuple(sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()))
            _write_manifest(folder, settings, files, tally)
            _replace(out, folder, earlier, files)
    except OSError as problem:
        raise DataProblem(
            f"The made-up files could not be written: {problem.strerror or 'the system refused'}.",
            file=out.name,
            remedy="Make room or choose another folder, then run it again. Earlier files are as they were.",
        ) from None
    return Made(out, files, tally)


def _earlier_files(out: Path) -> tuple[str, ...]:
    if not out.exists():
        return ()
    if not out.is_dir():
        raise WrongUse("This is a file, not a folder.", file=out.name, remedy="Name a new or an empty folder.")
    manifest = out / MANIFEST
    if manifest.is_file():
        return (*json.loads(manifest.read_text(encoding="utf-8"))["files"], MANIFEST)
    if any(not path.name.startswith(".") for path in out.iterdir()):
        raise WrongUse(
            "This folder holds files that synthesise did not write.",
            file=out.name,
            remedy="Name a new or an empty folder.",
        )
    return ()


def _write_manifest(folder: Path, settings: Settings, files: tuple[str, ...], tally: Tally) -> None:
    words = {
        "says": "made-up data: no person in these files exists",
        "settings": asdict(settings),
        "made": asdict(tally),
    }
    text = json.dumps({**words, "files": files}, indent=2)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8", newline="\n")


def _replace(out: Path, folder: Path, earlier: tuple[str, ...], files: tuple[str, ...]) -> None:
    # In this order the manifest names every file that lies there, whenever a kill comes, so that the folder can be made again.
    for name in set(earlier) - set(files):
        (out / name).unlink(missing_ok=True)
    for name in (MANIFEST, *files):
        target = out / name
        target.parent.mkdir(parents=True, exist_ok=True)
        (folder / name).replace(target)


def _write_exports(folder: Path, settings: Settings, processes: int, progress: Progress | None) -> Tally:
    tally = Tally()
    counts: dict[str, tuple[int, ...]] = {}
    with ExitStack() as stack:
        files: dict[str, BinaryIO] = {}
        for form in chosen(settings):
            for name, text in form.begin(settings).items():
                path = folder / name
                path.parent.mkdir(parents=True, exist_ok=True)
                files[name] = stack.enter_context(path.open("wb"))
                files[name].write(text)
        for made, parts in _each_ward(_export_ward, settings, processes, progress):
            tally += made
            for name, part in parts.items():
                files[name].write(part.body)
                counts[name] = _sum(counts.get(name, ()), part.counts)
        for form in chosen(settings):
            for name, text in form.end(settings, counts).items():
                files[name].write(text)
    for form in chosen(settings):
        if form.finish is not None:
            form.finish(folder, settings)
    return tally


def _write_tables(folder: Path, settings: Settings, processes: int, progress: Progress | None) -> Tally:
    tally = Tally()
    with write_tables.open_tables(folder) as add:
        for made, batches in _each_ward(_table_ward, settings, processes, progress):
            tally += made
            add(batches)
    return tally


def _sum(one: tuple[int, ...], two: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(a + b for a, b in zip(one, two, strict=True)) if one else two


def _tally(ward: Ward) -> Tally:
    born = [truth for truth in ward.truths if truth.born]
    return Tally(
        len(ward.truths),
        len(born),
        sum(truth.covered for truth in born),
        sum(claim.has_children for claim in ward.claims),
        len(ward.claims),
        len(ward.care_records),
    )


def _export_ward(settings: Settings, plan: WardPlan) -> tuple[Tally, _Parts]:
    with _uncollected():
        ward = make_ward(settings, plan)
        parts = {name: part for form in chosen(settings) for name, part in form.part(ward, settings).items()}
        return _tally(ward), parts


def _table_ward(settings: Settings, plan: WardPlan) -> tuple[Tally, write_tables.Batches]:
    with _uncollected():
        ward = make_ward(settings, plan, childless=False, circumstances=False)
        return _tally(ward), write_tables.part(ward, settings)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without looking for cycles among the many objects that a ward is made of: it takes a sixth of the time and finds none."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _each_ward(
    make: Callable[[Settings, WardPlan], _T], settings: Settings, processes: int, progress: Progress | None
) -> Iterator[_T]:
    """The wards' parts in ward order, with only a few in hand at any time."""
    plans = plan_wards(settings)
    parts = (make(settings, plan) for plan in plans)
    if processes > 1 and len(plans) > 1:
        parts = _in_parallel(make, settings, plans, min(processes, len(plans)))
    for done, part in enumerate(parts, 1):
        yield part
        if progress is not None:
            progress(done, len(plans))


def _in_parallel(
    make: Callable[[Settings, WardPlan], _T], settings: Settings, plans: tuple[WardPlan, ...], processes: int
) -> Iterator[_T]:
    # Spawned, not forked: the same on every system, and safe beside a database's threads.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context) as pool:
        waiting: deque[Future[_T]] = deque()
        for plan in plans:
            waiting.append(pool.submit(make, settings, plan))
            if len(waiting) > 2 * processes:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
