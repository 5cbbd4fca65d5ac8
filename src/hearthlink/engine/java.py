"""Whether this machine has what Spark needs: the `spark` extra, and a Java that it runs on."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from pathlib import Path

from hearthlink.errors import WrongUse

OLDEST_JAVA = 17
"""What Spark 4 runs on, by its own page of requirements."""


def require_spark() -> None:
    """Raise WrongUse where the extra is not installed, or where there is no Java that Spark runs on."""
    if importlib.util.find_spec("pyspark") is None:
        raise WrongUse(
            "The engine is spark, and Spark is not installed here.",
            file="study.toml",
            column="engine",
            remedy='Install it with: pip install "hearthlink[spark]"   Or write engine = "duckdb": the links are the same.',
        )
    java = find_java()
    if java is None:
        raise WrongUse(
            "The engine is spark, and Spark needs Java, which was not found here.",
            file="study.toml",
            column="engine",
            remedy=f"Install Java {OLDEST_JAVA} or newer, or set JAVA_HOME. "
            'Or write engine = "duckdb": the links are the same.',
        )
    version = java_version(java)
    if version is not None and version < OLDEST_JAVA:
        raise WrongUse(
            f"The engine is spark, and Spark needs Java {OLDEST_JAVA} or newer; the Java here is {version}.",
            file="study.toml",
            column="engine",
            remedy=f"Install Java {OLDEST_JAVA} or newer, or set JAVA_HOME to one. "
            'Or write engine = "duckdb": the links are the same.',
        )


def find_java() -> Path | None:
    """The Java that Spark would start: that of JAVA_HOME where it is set, else the first on the path."""
    home = os.environ.get("JAVA_HOME")
    found = shutil.which("java", path=str(Path(home) / "bin")) if home else shutil.which("java")
    return Path(found) if found else None


def java_version(java: Path) -> int | None:
    """The first number of a Java's version, or None where it does not say."""
    try:
        said = subprocess.run([str(java), "-version"], capture_output=True, text=True, check=False, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = re.search(r'version "(?:1\.)?(\d+)', said.stderr + said.stdout)
    return int(found[1]) if found else None
