"""The layouts that the practice authority can write, by name, in the order in which they are written.

To add one: write a module ``write_NAME.py`` with three functions, and add its row to `LAYOUTS`.

- ``begin(settings)`` gives the opening bytes of every file of the layout, by path under the out folder (``in/NAME/…``).
- ``part(ward, settings)`` gives what one ward adds to each of them, as `write_text.Part`; it sees one ward and no other.
- ``end(settings, counts)`` gives closing bytes, where a file has any; `write_text.nothing` is the close of one that stops.

Bytes may depend on the ward and the settings and on nothing else. A writer that needs chance takes
``streams.stream(settings, ward.number, "write NAME")``, so that it stirs no other file.
A layout is written where `Settings.layouts` names it; the truth is written always.
"""

from __future__ import annotations

import difflib

from hearthlink.errors import WrongUse
from hearthlink.synthetic.settings import DEFAULT_LAYOUTS, PRACTICE_LAYOUTS, Settings
from hearthlink.synthetic.writing import academy as write_academy
from hearthlink.synthetic.writing import annex_a as write_annex_a
from hearthlink.synthetic.writing import arrears as write_arrears
from hearthlink.synthetic.writing import cin as write_cin
from hearthlink.synthetic.writing import comparators as write_comparators
from hearthlink.synthetic.writing import cts as write_cts
from hearthlink.synthetic.writing import daily_api as write_daily_api
from hearthlink.synthetic.writing import flat as write_flat
from hearthlink.synthetic.writing import following as write_following
from hearthlink.synthetic.writing import geography as write_geography
from hearthlink.synthetic.writing import happenings as write_happenings
from hearthlink.synthetic.writing import homelessness as write_homelessness
from hearthlink.synthetic.writing import identifiers as write_identifiers
from hearthlink.synthetic.writing import liquidlogic as write_liquidlogic
from hearthlink.synthetic.writing import meals as write_meals
from hearthlink.synthetic.writing import mosaic as write_mosaic
from hearthlink.synthetic.writing import payments as write_payments
from hearthlink.synthetic.writing import rent as write_rent
from hearthlink.synthetic.writing import shbe as write_shbe
from hearthlink.synthetic.writing import ssd as write_ssd
from hearthlink.synthetic.writing import ssda903 as write_ssda903
from hearthlink.synthetic.writing import truth as write_truth
from hearthlink.synthetic.writing import universal_credit as write_universal_credit
from hearthlink.synthetic.writing.text import Format, nothing

LAYOUTS: tuple[Format, ...] = (
    Format("cin", "children in need census, XML", write_cin.begin, write_cin.part, write_cin.end),
    Format("next_year", "the census of the year that follows, with --following", write_following.begin, write_following.part, write_following.end),
    Format("ssd", "Standard Safeguarding Dataset tables, CSV", write_ssd.begin, write_ssd.part, nothing),
    Format("identifiers", "names and addresses in the plain layout, CSV", write_identifiers.begin, write_identifiers.part, nothing),
    Format("mosaic", "Mosaic's tables of persons, addresses and relations", write_mosaic.begin, write_mosaic.part, nothing),
    Format("liquidlogic", "Liquidlogic's tables of the same", write_liquidlogic.begin, write_liquidlogic.part, nothing),
    Format("daily_api", "the daily children's social care feed, JSON", write_daily_api.begin, write_daily_api.part, nothing),
    Format("flat", "children in need census as flattened tables, CSV", write_flat.begin, write_flat.part, nothing),
    Format("ssda903", "looked-after return, CSV", write_ssda903.begin, write_ssda903.part, nothing),
    Format("annex_a", "Annex A lists, a workbook", write_annex_a.begin, write_annex_a.part, nothing, write_annex_a.finish),
    Format("shbe", "Single Housing Benefit Extract, monthly", write_shbe.begin, write_shbe.part, write_shbe.end),
    Format("cts", "council tax support, person and household periods", write_cts.begin, write_cts.part, nothing),
    Format("academy", "claims as the tables of an Academy database, CSV", write_academy.begin, write_academy.part, nothing),
    Format("universal_credit", "Universal Credit data share, a row for each assessment period", write_universal_credit.begin, write_universal_credit.part, nothing),
    Format("homelessness", "homelessness cases and the people in them", write_homelessness.begin, write_homelessness.part, nothing),
    Format("rent", "the council's rent accounts and their balances", write_rent.begin, write_rent.part, nothing),
    Format("housing_payments", "discretionary housing payments", write_payments.begin, write_payments.part, nothing),
    Format("council_tax", "council tax owed and the stage of its recovery", write_arrears.begin, write_arrears.part, nothing),
    Format("school_meals", "spells of free school meals", write_meals.begin, write_meals.part, nothing),
    Format("comparators", "poverty lines to compare with, made up", write_comparators.begin, write_comparators.part, nothing),
    Format("geography", "postcode directory and indices of deprivation", write_geography.begin, write_geography.part, nothing),
)  # fmt: skip
"""Every layout but the truth."""

SETS = {"all": tuple(layout.name for layout in LAYOUTS), "linking": DEFAULT_LAYOUTS}
"""Words by which a person asks for several layouts."""

TRUTH = (
    Format("truth", "the truth of the link", write_truth.begin, write_truth.part, nothing),
    Format("truth", "the truth of what befell households", write_happenings.begin, write_happenings.part, nothing),
)
"""Written whatever else is."""


def layout_names() -> tuple[str, ...]:
    """The names of every layout, in their order."""
    return tuple(layout.name for layout in LAYOUTS)


def chosen(settings: Settings) -> tuple[Format, ...]:
    """The layouts that the settings ask for, in their order, and the truth. Raises WrongUse for a name there is none of."""
    require_known(settings.layouts)
    wanted = {*settings.layouts, *(("next_year",) if settings.following and "cin" in settings.layouts else ())}
    return (*(layout for layout in LAYOUTS if layout.name in wanted), *TRUTH)


def require_known(names: tuple[str, ...]) -> None:
    """Raise WrongUse where a name is no layout's, or where none is asked for."""
    known = layout_names()
    if not names:
        raise WrongUse("No layout is asked for.", column="layouts", remedy=f"The layouts are: {', '.join(known)}.")
    for name in names:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
            remedy = f"Did you mean {near[0]}?" if near else f"The layouts are: {', '.join(known)}."
            raise WrongUse("There is no such layout.", column="layouts", remedy=remedy)


def layouts_asked(words: str) -> tuple[str, ...]:
    """The layouts that a person asks for, as ``school_meals,-ssd,mosaic``: those written by default, with and without the named.

    ``all`` is every layout, ``linking`` those that linking needs. Raises WrongUse for a name there is none of.
    """
    terms = [term.strip() for term in words.split(",") if term.strip()]
    named = tuple(term.lstrip("+-") for term in terms if term not in SETS)
    if named:
        require_known(named)
    sets = [SETS[term] for term in terms if term in SETS]
    wanted = {name for names in sets or [PRACTICE_LAYOUTS] for name in names}
    wanted |= {term.lstrip("+") for term in terms if not term.startswith("-") and term not in SETS}
    wanted -= {term[1:] for term in terms if term.startswith("-")}
    found = tuple(name for name in layout_names() if name in wanted)
    require_known(found)
    return found
