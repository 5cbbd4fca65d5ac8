"""What a person does with a study besides running it: begin one, make the practice authority, ask where it stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from hearthlink.errors import WrongUse
from hearthlink.study.practice import file_hashes, remember
from hearthlink.study.run import open_store
from hearthlink.study.steps import STEPS
from hearthlink.study.store import write_whole
from hearthlink.study.study import STUDY_FILE, Study, open_study
from hearthlink.study.template import BLANK, PRACTICE
from hearthlink.synthetic import synthesise
from hearthlink.synthetic.world import AUTHORITY_NAME, Settings

Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one step of a study stands: whether it is done, and how many rows it wrote."""

    step: str
    says: str
    done: bool


def begin(folder: Path, *, year: str = "2019-20") -> Path:
    """A new study folder with a commented study.toml. Raises WrongUse where there is a study already."""
    path = folder / STUDY_FILE
    if path.exists():
        raise WrongUse(
            "There is a study here already; it was left as it is.", file=str(folder), remedy="Choose another folder."
        )
    if folder.exists() and not folder.is_dir():
        raise WrongUse("This is a file, not a folder.", file=str(folder))
    (folder / "in").mkdir(parents=True, exist_ok=True)
    write_whole(path, BLANK.format(name=folder.resolve().name.replace('"', ""), year=year).encode())
    return path


def make_practice(
    folder: Path, settings: Settings, *, tables_only: bool = False, processes: int = 1, progress: Progress | None = None
) -> None:
    """The practice authority in a folder, with a study.toml that gives it practice permission.

    Raises WrongUse where the folder holds something else.
    """
    held = [path.name for path in folder.iterdir()] if folder.is_dir() else []
    ours = {STUDY_FILE, "in", "truth", "tables", "rooms", "keys", "out", "ledger.jsonl", ".lock", "made-up.json"}
    if held and "made-up.json" not in held:
        raise WrongUse(
            "This folder is not empty and is no practice study.", file=str(folder), remedy="Choose an empty folder."
        )
    if set(held) - ours:
        raise WrongUse("This folder holds other files.", file=str(folder), remedy="Choose an empty folder.")

    def wards(done: int, of_all: int) -> None:
        if progress is not None:
            progress("Inventing the practice authority", done / max(of_all, 1))

    synthesise(folder, settings, tables_only=tables_only, processes=processes, progress=wards)
    if tables_only:
        return
    stated = {
        name: str(value).lower() if isinstance(value, bool) else value
        for name, value in ((field, getattr(settings, field)) for field in Settings.__slots__)
    }
    write_whole(folder / STUDY_FILE, PRACTICE.format(authority=AUTHORITY_NAME, **stated).encode())
    study = open_study(folder)
    remember(study, file_hashes(study.extracts))


def standing(study: Study) -> list[Standing]:
    """Where each step stands. Opens no table."""
    store = open_store(study)
    return [Standing(step.name, step.says, store.record(step.name) is not None) for step in STEPS]
