"""The spine: a study, its steps in order, the gate before each, and where tables rest.

Its names are loaded when the first of them is asked for, so that a module of it that knows no stage, such as `room`, loads none.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hearthlink.study.actions import begin, layouts_asked, make_practice, refreshed, world_asked
    from hearthlink.study.headline import headline
    from hearthlink.study.run import News, Next, run
    from hearthlink.study.standing import Standing, standing
    from hearthlink.study.steps import CLEARED, STEPS
    from hearthlink.study.study import Study, open_study
    from hearthlink.synthetic import Settings

__all__ = [
    "CLEARED",
    "STEPS",
    "News",
    "Next",
    "Settings",
    "Standing",
    "Study",
    "begin",
    "headline",
    "layouts_asked",
    "make_practice",
    "open_study",
    "refreshed",
    "run",
    "standing",
    "world_asked",
]

_FROM = {
    "hearthlink.study.actions": ("begin", "layouts_asked", "make_practice", "refreshed", "world_asked"),
    "hearthlink.study.headline": ("headline",),
    "hearthlink.study.run": ("News", "Next", "run"),
    "hearthlink.study.standing": ("Standing", "standing"),
    "hearthlink.study.steps": ("CLEARED", "STEPS"),
    "hearthlink.study.study": ("Study", "open_study"),
    "hearthlink.synthetic": ("Settings",),
}  # fmt: skip
_NAMED = {name: module for module, names in _FROM.items() for name in names}


class _Face(ModuleType):
    """The package as a module: `run` and `headline` mean the functions, though modules of those names lie in it."""

    def __getattr__(self, name: str) -> object:
        if name not in _NAMED:
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        modules = {module: import_module(module) for module in _FROM}
        return getattr(modules[_NAMED[name]], name)

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in _NAMED and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Face
