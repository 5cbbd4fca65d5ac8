"""The one door for whoever works on Hearthlink: `python3 dev.py demo`, `test`, `check`, and a few more.

Needs nothing but Python. The first call makes `.venv`, installs what `requirements/dev.txt` pins by hash, and the project
itself; later calls go straight to work. The exit code is that of the work done.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - said plainly here, before newer syntax is met elsewhere
    sys.exit(
        f"Hearthlink needs Python 3.11 or newer; this is {sys.version.split()[0]}.\n"
        "  Install a newer Python, then run this command with it, for example: python3.12 dev.py demo"
    )

import hashlib
import importlib.util
import io
import json
import os
import shutil
import subprocess
import venv
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent
ENVIRONMENT = ROOT / ".venv"
SCRIPTS = ENVIRONMENT / ("Scripts" if os.name == "nt" else "bin")
PYTHON = SCRIPTS / ("python.exe" if os.name == "nt" else "python")
STAMP = ENVIRONMENT / "hearthlink.json"
LOCK = ROOT / "requirements" / "dev.txt"
PROJECT = ROOT / "pyproject.toml"
PEER = ROOT / "requirements" / "splink4.txt"
PEERS = ENVIRONMENT / "peers"
SPARK = ROOT / "requirements" / "spark.txt"
SPARK_TESTS = ("tests/spec/test_engine_words.py", "tests/unit/test_engine.py", "tests/generative/test_spark_links.py")

CHECKS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("style", ("-m", "ruff", "check", "--quiet", ".")),
    ("layout", ("-m", "ruff", "format", "--check", "--quiet", ".")),
    ("types", ("-m", "pyright")),
    ("import contracts", ("-c", "from importlinter.cli import lint_imports_command as c; c(['--no-logo'])")),
    ("generated pages", ("docs/generate.py", "--check")),
    ("evidence", ("prove/evidence.py",)),
)


def surroundings() -> dict[str, str]:
    """The environment for the project's Python: nothing leaks in from the user's own packages, and pyright asks nobody for news."""
    kept = {k: v for k, v in os.environ.items() if k not in {"PYTHONPATH", "PYTHONHOME", "__PYVENV_LAUNCHER__"}}
    return kept | {"PYTHONNOUSERSITE": "1", "PYTHONIOENCODING": "utf-8", "PYRIGHT_PYTHON_IGNORE_WARNINGS": "1"}


def work(*arguments: str, beside: str = "") -> int:
    """Run the project's Python from the project's root, with the packages laid in `beside` if any, and hand back its exit code."""
    given = surroundings() | ({"PYTHONPATH": beside} if beside else {})
    return subprocess.run([str(PYTHON), *arguments], cwd=ROOT, env=given, check=False).returncode


def say(words: str) -> None:
    """A line about the house, kept apart from what the work itself prints."""
    print(words, file=sys.stderr, flush=True)


def digest(path: Path) -> str:
    """Hash of a text file, the same whatever line ends this machine checked it out with."""
    return hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()


def wanted() -> dict[str, str]:
    """What an environment that is up to date was made from."""
    return {
        "python": sys.version.split()[0],
        "folder": str(ROOT),
        "lock": digest(LOCK),
        "project": digest(PROJECT),
    }


def found() -> dict[str, str]:
    """What the environment here was made from; empty where it was never finished."""
    try:
        return json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def make_environment(*, afresh: bool) -> None:
    """Make `.venv` with the Python that runs this."""
    if importlib.util.find_spec("ensurepip") is None:
        raise SystemExit(
            "This Python cannot make an environment: its ensurepip is missing.\n"
            "  On Debian and Ubuntu, install it with: sudo apt install python3-venv"
        )
    say(f"Making .venv with Python {sys.version.split()[0]} …")
    venv.EnvBuilder(with_pip=True, clear=afresh).create(ENVIRONMENT)


QUIETLY = ("-m", "pip", "install", "-qq", "--disable-pip-version-check", "--no-input", "--no-deps")
WHOLE = ("--require-hashes", "--only-binary", ":all:")


def pip(*arguments: str) -> None:
    """Run pip inside `.venv`, silent unless it fails."""
    code = work(*QUIETLY, *arguments)
    if code:
        say("The environment could not be made; pip's own words are above. Nothing else was run.")
        raise SystemExit(code)


def prepare() -> None:
    """Bring `.venv` up to date with the lock and the project, if it is not."""
    want, have = wanted(), found()
    inside = Path(sys.prefix).resolve() == ENVIRONMENT
    if have == want or (inside and have | {"python": want["python"]} == want):
        return
    # An environment knows its Python and its folder by heart: after an upgrade or a move it has to be made again.
    outgrown = bool(have) and any(have.get(name) != want[name] for name in ("python", "folder"))
    if not PYTHON.exists() or (outgrown and not inside):
        make_environment(afresh=outgrown)
        have = {}
    STAMP.unlink(missing_ok=True)
    if have.get("lock") != want["lock"]:
        packages = sum("==" in line for line in LOCK.read_text(encoding="utf-8").splitlines())
        say(f"Installing {packages} packages, each checked against its hash; this takes a minute or two …")
        pip(*WHOLE, "-r", str(LOCK))
    pip("--no-build-isolation", "--no-index", "--editable", str(ROOT))
    STAMP.write_text(json.dumps(want, indent=1) + "\n", encoding="utf-8")


def lay_beside() -> None:
    """Lay an older Splink in `.venv/peers`, apart from the one installed, for the tests that weigh pairs against both.

    Where it cannot be had, without a network say, the tests that need it are skipped and say so.
    """
    folder = PEERS / PEER.stem
    stamp = PEERS / f"{PEER.stem}.sha256"
    if folder.is_dir() and stamp.is_file() and stamp.read_text(encoding="utf-8") == digest(PEER):
        return
    shutil.rmtree(folder, ignore_errors=True)
    if work(*QUIETLY, *WHOLE, "--target", str(folder), "-r", str(PEER)):
        shutil.rmtree(folder, ignore_errors=True)
        say("The older Splink is not there; the tests that need it will be skipped.")
        return
    stamp.write_text(digest(PEER), encoding="utf-8")


def lay_spark() -> str:
    """Lay Spark in `.venv/peers/spark`, apart from the environment, for it is as large as all the rest; hand back where it lies.

    It is published as source alone, and built here with the setuptools of the environment.
    """
    folder = PEERS / SPARK.stem
    stamp = PEERS / f"{SPARK.stem}.sha256"
    if not (folder.is_dir() and stamp.is_file() and stamp.read_text(encoding="utf-8") == digest(SPARK)):
        shutil.rmtree(folder, ignore_errors=True)
        say("Laying Spark beside the environment, half a gigabyte; this takes some minutes …")
        pip("--require-hashes", "--no-build-isolation", "--target", str(folder), "-r", str(SPARK))
        stamp.write_text(digest(SPARK), encoding="utf-8")
    return str(folder)


def demo(arguments: list[str]) -> int:
    """Invent an authority, run the whole study on it, and say where the report is."""
    return work("-m", "hearthlink", "demo", *arguments)


def test(arguments: list[str]) -> int:
    """Run every test at smoke size, a file at a time on each core, the longest first; anything after `test` goes to pytest."""
    lay_beside()
    # Every core has a process of its own: threads of the linear algebra would only wait for each other.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # Some tests start Hearthlink over and over: it is compiled once, not for each.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    return work("-m", "pytest", "--numprocesses", "auto", "--dist", "loadfile", "--no-loadscope-reorder", *arguments)


def test_spark(arguments: list[str]) -> int:
    """Run the tests of the two engines with Spark, which is laid beside the environment first; needs Java."""
    return work(
        "-m",
        "pytest",
        *(arguments or SPARK_TESTS),
        beside=lay_spark(),
    )


def check(arguments: list[str]) -> int:
    """Style, layout, types, import contracts, generated pages, evidence; `check types` runs one."""
    names = [name for name, _ in CHECKS]
    strange = [name for name in arguments if name not in names]
    if strange:
        say(f"There is no check called {strange[0]}. The checks are: {', '.join(names)}.")
        return 2
    failed: list[str] = []
    for name, command in CHECKS:
        if arguments and name not in arguments:
            continue
        done = subprocess.run(
            [str(PYTHON), *command],
            cwd=ROOT,
            env=surroundings(),
            check=False,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
        )
        print(f"{name:<18}{'FAILED' if done.returncode else 'ok'}", flush=True)
        if done.returncode:
            failed.append(name)
            print((done.stdout + done.stderr).strip(), end="\n\n", flush=True)
    print(f"check failed: {', '.join(failed)}" if failed else "check passed", flush=True)
    return 1 if failed else 0


def tidy(arguments: list[str]) -> int:
    """Mend what can be mended by rule, and lay the code out."""
    return work("-m", "ruff", "check", "--fix-only", "--quiet", *(arguments or ["."])) or work(
        "-m", "ruff", "format", "--quiet", *(arguments or ["."])
    )


def pages(arguments: list[str]) -> int:
    """Write the reference pages that are made from the code."""
    return work("docs/generate.py", *arguments)


def bench(arguments: list[str]) -> int:
    """Measure time and memory, beside Splink; `bench accuracy` how right links are, `bench linkage` linking, `bench masked` linking without names, `bench reading` reading, `bench questions` the answers, `bench safety` what being safe costs, `bench hands_on` how long a release takes its people; see docs/benchmarks.md."""
    named = (
        arguments[:1]
        if arguments[:1]
        in (["accuracy"], ["linkage"], ["masked"], ["hands_on"], ["questions"], ["reading"], ["safety"])
        else []
    )
    return work(f"bench/{named[0] if named else 'run'}.py", *arguments[len(named) :])


def prove(arguments: list[str]) -> int:
    """Run the full counts and write docs/evidence; this takes long."""
    named = [name for name in arguments if not name.startswith("-") and not name.isdigit()]
    return work("prove/run.py", *arguments, beside=lay_spark() if "spark" in named or not named else "")


COMMANDS: dict[str, Callable[[list[str]], int]] = {
    "demo": demo,
    "test": test,
    "test-spark": test_spark,
    "check": check,
    "format": tidy,
    "pages": pages,
    "bench": bench,
    "prove": prove,
}


def usage() -> str:
    """The commands, each with its sentence."""
    lines = [f"  {name:<11}{(act.__doc__ or '').strip()}" for name, act in COMMANDS.items()]
    return "\n".join(["Usage: python3 dev.py COMMAND [anything the command takes]", "", *lines])


def main(arguments: list[str]) -> int:
    """Prepare the environment and do what was asked."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # an old console may lack a letter; that is no reason to stop
    if arguments and arguments[0] in {"-h", "--help", "help"}:
        print(usage())
        return 0
    if not arguments or arguments[0] not in COMMANDS:
        say(usage())
        return 2
    prepare()
    return COMMANDS[arguments[0]](arguments[1:])


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
