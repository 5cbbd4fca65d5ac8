"""The export formats, in the order in which they are written."""

from __future__ import annotations

from hearthlink.synthetic import write_cin, write_cts, write_geography, write_shbe, write_ssd, write_truth
from hearthlink.synthetic.write_text import Format, nothing

FORMATS: tuple[Format, ...] = (
    Format("children in need census", write_cin.begin, write_cin.part, write_cin.end),
    Format("case system extract", write_ssd.begin, write_ssd.part, nothing),
    Format("Housing Benefit extracts", write_shbe.begin, write_shbe.part, write_shbe.end),
    Format("council tax support extract", write_cts.begin, write_cts.part, nothing),
    Format("geography", write_geography.begin, write_geography.part, nothing),
    Format("truth", write_truth.begin, write_truth.part, nothing),
)
