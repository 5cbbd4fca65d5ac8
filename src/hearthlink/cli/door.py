"""The door of the command line: every way in which a command can stop becomes one message and an exit code, and no word of the data passes."""

from __future__ import annotations

import logging
import os
import sys
import threading
import warnings
from collections.abc import Callable
from io import TextIOWrapper

from hearthlink import __version__
from hearthlink.errors import ExitCode, HearthlinkError, WrongUse, refused_by_system

INTERRUPTED = 130
"""Exit code of a command that its user stopped; typer answers an interrupt with it too."""

STOPPED = "Stopped. What was done before stays done; run again to go on."


def close_other_mouths() -> None:
    """A warning, a thread or a destructor of any library may quote what it was given; none of them speaks here."""
    warnings.simplefilter("ignore")
    logging.disable()
    threading.excepthook = lambda _: None
    sys.unraisablehook = lambda _: None


def guarded(act: Callable[[], object]) -> int:
    """Carry out a command and turn every way of stopping into one message on the error stream and an exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        result = act()
        code = result if isinstance(result, int) else int(ExitCode.FINE)
        if sys.stdout is not None:  # pyright: ignore[reportUnnecessaryComparison] - it is None where the stream was closed
            sys.stdout.flush()
    except HearthlinkError as stop:
        return _stopped(stop)
    except KeyboardInterrupt:
        code = INTERRUPTED
    except SystemExit as stop:
        return _left(stop)
    except BrokenPipeError:
        # Whoever read along has gone; the null device takes what Python would still write at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return int(ExitCode.FINE)
    except OSError as fault:
        return _stopped(refused_by_system(fault))
    except BaseException as fault:  # noqa: BLE001 - the last door: whatever comes here, no word of it may pass
        return _unforeseen(fault)
    if code == INTERRUPTED:
        _say(STOPPED)
    return code


def _left(stop: SystemExit) -> int:
    """How a command that left by itself ended. Whoever read along and has gone is no fault, though the library of commands makes it one."""
    if isinstance(stop.__context__, BrokenPipeError):
        return int(ExitCode.FINE)
    return stop.code if isinstance(stop.code, int) else int(ExitCode.USE)


def _unforeseen(fault: BaseException) -> int:
    """Whatever else stops a command: words that were not understood, a question that nobody answered, or a fault of ours."""
    if _is_usage(fault):
        return _misused(fault)
    if type(fault).__name__ != "Abort":
        _say(_our_fault(fault))
        return int(ExitCode.OURS)
    if isinstance(fault.__context__, KeyboardInterrupt):
        _say(STOPPED)
        return INTERRUPTED
    _say(
        str(
            WrongUse(
                "A question was left without an answer.", remedy="Nothing was done. Give the command at a keyboard."
            )
        )
    )
    return int(ExitCode.USE)


def _stopped(stop: HearthlinkError) -> int:
    _say(stop.sentence)
    return int(stop.code)


def _is_usage(fault: BaseException) -> bool:
    return hasattr(fault, "format_message")


def _misused(fault: BaseException) -> int:
    """Say what of the command line was not understood; where commands were named without one of them, their help is all there is to say."""
    words = str(fault.format_message())  # pyright: ignore[reportAttributeAccessIssue]
    _say(words if type(fault).__name__ == "NoArgsIsHelpError" else str(WrongUse(words, remedy=_helped(fault))))
    return int(ExitCode.USE)


def _helped(fault: BaseException) -> str:
    """Where to read what the command takes, whose words were not understood."""
    names: list[str] = []
    place = getattr(fault, "ctx", None)
    while place is not None and place.parent is not None:
        names.insert(0, str(place.info_name))
        place = place.parent
    return (
        f"hearthlink {' '.join(names)} --help says what it takes." if names else "hearthlink --help lists the commands."
    )


def _our_fault(fault: BaseException) -> str:
    """Where a fault of ours lies, without a word of what it says: its text may quote the data."""
    place, where = fault.__traceback__, ""
    while place is not None:
        name = place.tb_frame.f_globals.get("__name__", "")
        if str(name).startswith("hearthlink"):
            where = f"{name}, line {place.tb_lineno}"
        place = place.tb_next
    return (
        f"Hearthlink stopped by a fault of its own ({type(fault).__name__} at {where}; version {__version__}).\n"
        "  Earlier results are as they were. Please report this line; it holds nobody's data."
    )


def _say(words: str) -> None:
    print(words, file=sys.stderr)
