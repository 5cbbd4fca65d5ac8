"""The columns of a match of two files: those that are parsed, and those that come out. Neither table rests in a study's rooms."""

from __future__ import annotations

COLUMNS = (
    "person_id", "family_id", "household_id", "role", "forename", "middle_names", "known_as", "surname", "former_surname",
    "birth_date", "sex", "address", "postcode", "uprn", "valid_from", "valid_to", "as_at", "n_dependants", "dependant_ages",
)  # fmt: skip
"""The columns of a person table. All may be absent but the first, and no other is parsed."""

LINKS = (
    "left_person_id", "household_id", "household_probability", "right_person_id", "person_probability", "none_probability",
)  # fmt: skip
"""What comes out, one row for each person to link; an id is empty where none is likelier."""

MASKED_LINKS = (*LINKS, "tokens_in_common", "match_weight")
"""What comes out of two masked files, one row for each record of the left. All ids are the masked files' random ones."""
