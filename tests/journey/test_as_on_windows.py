"""As on Windows, as far as another system can pretend: without the modules it lacks, in a console of cp1252, in folders named as there."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from made_authority import FEW_QUESTIONS

PRETEND = r"""
import importlib, os, pkgutil, sys, types
import hearthlink, hearthlink.cli.main
def every():  # but what begins the program, and Spark, which is not installed
    for each in pkgutil.walk_packages(hearthlink.__path__, "hearthlink."):
        if not each.name.endswith("__main__") and ".engine.spark" not in each.name:
            importlib.import_module(each.name)
every()
for name in [name for name in sys.modules if name == "hearthlink" or name.startswith("hearthlink.")]:
    del sys.modules[name]
lacking = ("fcntl", "resource", "pwd", "grp", "spwd", "termios", "tty", "pty", "syslog", "crypt", "readline", "curses")
for name in lacking:
    sys.modules[name] = None
for name in ("fork", "geteuid", "getuid", "getegid", "getgid", "mkfifo", "killpg", "getpgid", "setsid", "statvfs", "uname", "chown",
             "fchmod", "fchown", "O_NOFOLLOW", "O_DIRECTORY", "O_CLOEXEC", "sched_getaffinity", "getloadavg", "sysconf", "nice"):
    if hasattr(os, name):
        delattr(os, name)
console = types.ModuleType("msvcrt")
console.LK_NBLCK, taken = 2, []
console.locking = lambda descriptor, mode, size: taken.append(descriptor)
console.kbhit, console.getwch = (lambda: False), (lambda: "q")
sys.modules["msvcrt"] = console
before, sys.platform = sys.platform, "win32"
import hearthlink
every()
sys.platform = before
"""
"""Everything is imported once as it is, so that other packages make their choices for this system; then Hearthlink alone again."""

pytestmark = pytest.mark.skipif(os.name == "nt", reason="pretends to be Windows, which this is")


def pretended(work: str, *, home: Path, code: str = "cp1252") -> subprocess.CompletedProcess[str]:
    """Run Python as if on Windows, in a console of its code page."""
    return subprocess.run(
        [sys.executable, "-c", PRETEND + work],
        env=os.environ
        | {"PYTHONIOENCODING": code, "LOCALAPPDATA": str(home), "HOME": str(home), "XDG_CACHE_HOME": str(home)},
        check=False,
        capture_output=True,
        text=True,
        encoding=code,
    )


NOTICED = r"""
print(len([name for name in sys.modules if name.startswith("hearthlink.")]))
import fcntl
"""


def test_every_module_can_be_imported_without_what_windows_lacks(tmp_path: Path) -> None:
    """No module needs what only a POSIX system has; and one that did could not have been imported."""
    done = pretended(NOTICED, home=tmp_path)
    assert int(done.stdout) > 100, done.stderr[-2000:]
    assert "import of fcntl halted" in done.stderr


JOURNEY = r"""
from pathlib import Path
from hearthlink.cli.main import main
place = Path({place!r})
def say(*words):
    sys.argv = ["hearthlink", *map(str, words)]
    try:
        main()
    except SystemExit as end:
        return end.code
    return 0
from hearthlink.study import Settings, make_practice
make_practice(place, Settings(children=60, households=120, months=13))
(place / "analysis.toml").write_text({plan!r}, encoding="utf-8")
print("run", say("run", place))
print("status", say("status", place))
print("locked", bool(taken))
(place / "in" / "ssd" / "ssd_person.csv").write_text("x\n", encoding="utf-8")
print("bad", say("check", place))  # a practice study takes no file that was changed
"""


def test_a_study_runs_in_a_folder_and_a_console_of_windows(tmp_path: Path) -> None:
    """A study in a folder with spaces, a drive's colon and an accent runs, its lock is taken the Windows way, and what is said fits cp1252."""
    place = tmp_path / "C: Users" / "A. N. Other - Documents" / "\u00c9tude 1"
    place.parent.mkdir(parents=True)
    done = pretended(JOURNEY.format(place=str(place), plan=FEW_QUESTIONS), home=tmp_path / "home")
    ends = [line for line in done.stdout.splitlines() if line.split(" ")[0] in {"run", "status", "locked", "bad"}]
    assert ends == ["run 0", "status 0", "locked True", "bad 3"], done.stdout[-1500:] + done.stderr[-3000:]
    assert (place / "out" / "report.html").stat().st_size > 50_000
    assert "Traceback" not in done.stderr


def test_a_file_that_another_program_holds_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A workbook open in Excel, which lets nobody else read it, is named with what to do, and without its folder."""
    from hearthlink.errors import DataProblem
    from hearthlink.sources.reading.tabular import open_tabular

    path = tmp_path / "claims.xlsx"
    path.write_bytes(b"PK\x03\x04")

    def held(*_: object, **__: object) -> object:
        raise PermissionError(
            13, "The process cannot access the file because it is being used by another process", str(path)
        )

    monkeypatch.setattr(Path, "open", held)
    with pytest.raises(DataProblem, match="Close it elsewhere") as problem:
        open_tabular(path, "cts")
    assert problem.value.file == "claims.xlsx"
    assert str(tmp_path) not in str(problem.value)
