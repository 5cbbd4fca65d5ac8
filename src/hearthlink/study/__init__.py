"""The spine: a study, its steps in order, the gate before each, and where tables rest."""

from hearthlink.study.actions import Standing, begin, layouts_asked, make_practice, refreshed, standing, world_asked
from hearthlink.study.headline import headline
from hearthlink.study.run import News, run
from hearthlink.study.steps import CLEARED, STEPS
from hearthlink.study.study import Study, open_study
from hearthlink.synthetic import Settings

__all__ = [
    "CLEARED",
    "STEPS",
    "News",
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
