"""Lock every dependency to exact versions and hashes, and prove that each has a wheel wherever Hearthlink promises to run.

Needs `uv` in the Python that runs it (`python -m pip install uv`, in an environment of its own). Reads `pyproject.toml` and `dev.in`,
writes `run.txt`, `dev.txt` and, for what the `spark` extra needs beyond `run.txt`, `spark.txt`. Neither the address of a package index nor a path of this machine is written into them.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent

PYTHONS = ("3.11", "3.12", "3.13")
PLATFORMS = ("x86_64-pc-windows-msvc", "aarch64-apple-darwin", "x86_64-manylinux_2_28", "aarch64-manylinux_2_28")

HEADER = """\
# Made by requirements/lock.py from {source}. Not for editing by hand.
# One lock for Windows, macOS on Apple silicon and Linux, and for Python {first} to {last}: wheels only, each with its hash.
"""


def uv(*arguments: str) -> None:
    """Run uv's resolver with no configuration of this machine, or stop with its words."""
    command = shutil.which("uv", path=str(Path(sys.executable).parent)) or shutil.which("uv")
    if command is None:
        raise SystemExit("uv is not installed here. Run: python -m pip install uv")
    done = subprocess.run(
        [command, "pip", "compile", "--no-config", "--quiet", "--only-binary", ":all:", *arguments],
        cwd=ROOT,
        check=False,
        stdout=subprocess.DEVNULL,
    )
    if done.returncode:
        raise SystemExit(done.returncode)


SPARK_HEADER = """\
# Made by requirements/lock.py from {source}. Not for editing by hand.
# What the spark extra needs beyond run.txt. pyspark is published as source alone, the same for every platform; setuptools builds it.
"""


def lock(lock_file: Path, *sources: str) -> None:
    """Resolve the sources once for every platform and write the lock with a header of ours.

    `fewest` keeps one version of a package for all Pythons, so that a figure does not hang on which Python drew it.
    """
    uv(
        "--universal",
        "--generate-hashes",
        "--no-emit-index-url",
        "--no-annotate",
        "--no-header",
        "--fork-strategy=fewest",
        "--upgrade",
        f"--python-version={PYTHONS[0]}",
        f"--output-file={lock_file.relative_to(ROOT).as_posix()}",
        *sources,
    )
    header = HEADER.format(source=" and ".join(s for s in sources if s[0] != "-"), first=PYTHONS[0], last=PYTHONS[-1])
    lock_file.write_text(header + lock_file.read_text(encoding="utf-8"), encoding="utf-8", newline="\n")


def lock_spark(lock_file: Path, run: Path) -> None:
    """Resolve the `spark` extra beside the lock for running, and keep what that does not hold."""
    lock(
        lock_file,
        "pyproject.toml",
        "--extra=spark",
        "--no-binary=pyspark",
        f"--constraints={run.relative_to(ROOT).as_posix()}",
    )
    held = {block.split("==")[0] for block in blocks(run)}
    beyond = "".join(block for block in blocks(lock_file) if block.split("==")[0] not in held)
    lock_file.write_text(SPARK_HEADER.format(source="pyproject.toml") + beyond, encoding="utf-8", newline="\n")


def blocks(lock_file: Path) -> list[str]:
    """The pins of a lock, each with its hashes."""
    lines = lock_file.read_text(encoding="utf-8").splitlines(keepends=True)
    starts = [n for n, line in enumerate(lines) if "==" in line] + [len(lines)]
    return ["".join(lines[a:b]) for a, b in pairwise(starts)]


def main() -> None:
    """Write the locks, then ask for every pinned wheel on every promised platform and Python."""
    run, dev, spark = HERE / "run.txt", HERE / "dev.txt", HERE / "spark.txt"
    lock(run, "pyproject.toml")
    lock(dev, "pyproject.toml", "requirements/dev.in", "--constraints=requirements/run.txt")
    lock_spark(spark, run)
    for lock_file in (run, dev):
        for platform in PLATFORMS:
            for python in PYTHONS:
                uv("--no-deps", f"--python-platform={platform}", f"--python-version={python}", str(lock_file))
        print(f"{lock_file.name}: a wheel for every package on {len(PLATFORMS)} platforms and {len(PYTHONS)} Pythons")


if __name__ == "__main__":
    main()
