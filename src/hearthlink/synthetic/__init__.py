"""An invented authority: its families, its systems' errors, and the truth behind both."""

from hearthlink.synthetic.synthesise import Made, synthesise, wards
from hearthlink.synthetic.world import Settings

__all__ = ["Made", "Settings", "synthesise", "wards"]
