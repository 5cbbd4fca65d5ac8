"""What could go wrong or be done on purpose: each threat, what is done about it, and the tests that show it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Threat:
    """One threat: what it is, what Hearthlink does, and each test that shows it, as pytest names it."""

    what: str
    done: str
    tests: tuple[str, ...]


CENSUS = "tests/gate/test_hostile_census.py"
FILES = "tests/spec/test_sources_hostile_files.py"
LEAKS = "tests/journey/test_nothing_leaks.py"
BAD = "tests/journey/test_bad_input.py"
KILLS = "tests/journey/test_kill_and_go_on.py"
STORE = "tests/unit/test_study_store.py"
NETWORK = "tests/gate/test_network.py"
LEDGER = "tests/gate/test_ledger.py"
CUSTODY = "tests/gate/test_rooms_custody.py"
ROOMS = "tests/gate/test_rooms.py"
PROCESSES = "tests/gate/test_rooms_processes.py"
PROTOCOL = "tests/gate/test_protocol.py"
PACKAGE = "tests/gate/test_release_package.py"
DESTROY = "tests/gate/test_destroy.py"
INCIDENT = "tests/gate/test_incident.py"
REVIEW = "tests/journey/test_review.py"
PAGE = "tests/unit/test_report_page.py"
ROLES = "tests/gate/test_roles.py"
RISK = "tests/gate/test_risk.py"

THREATS: dict[str, tuple[Threat, ...]] = {
    "Files that somebody sends": (
        Threat(
            "An XML file with entities that unfold without end, or that fetches a file or an address (billion laughs, quadratic blow-up, XXE, XInclude, a schema's address)",
            "Any document type is refused before anything is unfolded; what a file points to is asked of nobody",
            (
                f"{CENSUS}::test_a_census_that_could_harm_is_refused_in_plain_words",
                f"{CENSUS}::test_what_a_census_points_to_is_not_fetched",
                f"{FILES}::test_a_hostile_file_is_refused",
                "tests/generative/test_money_files.py::test_any_xml_is_a_return_or_is_refused",
            ),
        ),
        Threat(
            "Nesting without end, a million attributes, text of any length",
            "Depth, size of a tag and size of a child have a bound; the refusal quotes nothing",
            (
                f"{CENSUS}::test_a_census_that_could_harm_is_refused_in_plain_words",
                f"{CENSUS}::test_a_census_that_is_only_odd_is_read",
                f"{FILES}::test_a_field_of_ten_million_letters_is_read",
                f"{FILES}::test_a_hundred_thousand_columns_are_no_matter",
            ),
        ),
        Threat(
            "Encodings that lie: declared UTF-8 and Windows inside, UTF-16, byte order marks, NULs",
            "Read where one meaning is certain, with a note; else refused with the line and not what stands in it",
            (
                f"{CENSUS}::test_a_census_that_is_only_odd_is_read",
                "tests/unit/test_sources_text.py::test_text_comes_out_letter_for_letter",
                "tests/unit/test_sources_text.py::test_text_that_would_be_garbled_is_refused",
            ),
        ),
        Threat(
            "Tables that are not what they seem: ragged rows, open quotation marks, doubled or missing headers, other separators, workbook dates, numbers in scientific notation, noughts that went",
            "Taken with a note, set aside and counted, or refused; no value moves to another column, and every row is accounted for",
            (
                f"{BAD}::test_a_bad_extract_is_told_plainly_and_changes_no_result",
                f"{BAD}::test_another_form_of_the_same_facts_gives_the_same_links",
                "tests/spec/test_sources_delimited.py::test_a_file_of_misshapen_rows_is_refused",
                "tests/spec/test_sources_delimited.py::test_an_open_quotation_mark_is_refused_by_its_line",
                "tests/spec/test_sources_receive.py::test_the_receipt_adds_up",
                "tests/spec/test_sources_names.py::test_spells_find_their_child_by_whatever_id_they_name",
                "tests/generative/test_tabular.py::test_delimited_text_comes_back_cell_for_cell",
                "tests/generative/test_fuzz.py::test_a_reader_withstands_strange_bytes",
            ),
        ),
        Threat(
            "Archives that swell, reach out of themselves, are links, are locked, or have parts without number",
            "Bounds on size, ratio and number; links, `..`, drives, names of devices, look-alike letters and names that differ in case alone are refused",
            (
                f"{FILES}::test_a_hostile_file_is_refused",
                f"{FILES}::test_an_archive_is_measured_by_all_its_parts",
                f"{FILES}::test_a_small_file_may_not_claim_any_number_of_rows",
                f"{PACKAGE}::test_a_zip_that_leads_out_of_itself_is_no_release",
            ),
        ),
        Threat(
            "SQL, paths or reserved words in headers and values",
            "A header is a name and a value is a value: queries are bound, the database opens no file and no extension, and its settings are locked",
            (
                f"{FILES}::test_a_header_is_only_ever_a_name",
                "tests/spec/test_sources_database.py::test_nothing_else_may",
                "tests/architecture/test_sql_vocabulary.py::test_every_query_run_under_test_is_judged",
                "tests/gate/test_hostile_engine.py::test_the_database_opens_no_file_and_lets_nothing_be_opened_again",
            ),
        ),
        Threat(
            "Text made to be slow: a million letters, marks upon marks",
            "What is put in order or compared takes time in proportion, and lengths are bounded",
            (
                "tests/gate/test_hostile_text.py::test_text_of_a_million_letters_is_made_plain_in_a_moment",
                "tests/journey/test_map.py::test_headers_of_any_length_are_looked_at_in_no_time",
            ),
        ),
        Threat(
            "Links, pipes and files that change as they are read among the extracts",
            "Refused: a file or folder within `in/` that is a link, a pipe, a file that changed between hash and reading. That `in/` itself leads elsewhere is allowed, for extracts may lie on another disk",
            (
                f"{FILES}::test_a_link_among_the_extracts_is_refused",
                f"{FILES}::test_a_pipe_among_the_extracts_is_never_opened",
                f"{FILES}::test_a_file_that_changes_while_it_is_read_is_refused",
                f"{CENSUS}::test_a_census_that_is_written_to_while_it_is_read_is_refused",
            ),
        ),
        Threat(
            "Dates that cannot be: to come, of 1899, 29 February, of birth after the event, of the unborn, with two-digit years, filled in by a system",
            "Empty and counted; a day that a system fills in is no evidence",
            (
                "tests/unit/test_sources_dates.py::test_what_is_no_date_is_missing_and_counted",
                "tests/unit/test_sources_dates.py::test_an_end_far_in_the_future_is_open",
                "tests/spec/test_standardise_given_dates.py::test_a_day_that_systems_fill_in_is_no_birth_date",
            ),
        ),
        Threat(
            "Ids that mislead: the same number borne twice, one child in two rows, twins, households of sixty",
            "Kept apart with a reason; a number that two bear decides nothing, and a hostel is no family",
            (
                "tests/spec/test_sources_names.py::test_a_pupil_number_borne_twice_joins_nobody",
                "tests/spec/test_sources_households.py::test_twins_of_one_name_keep_their_references",
                "tests/spec/test_linkage_rivals.py::test_one_child_in_two_rows_is_found_twice",
                "tests/spec/test_linkage_families.py::test_a_hostel_proves_nothing",
            ),
        ),
    ),
    "Who must not be found": (
        Threat(
            "A refuge, or an address that a record locks, on a reviewer's screen or in geography",
            "Its street and postcode are dropped as the row is read; nothing after that has them",
            (
                "tests/gate/test_withheld.py::test_no_such_address_is_anywhere_after_a_run",
                "tests/gate/test_withheld.py::test_a_reviewer_is_shown_no_such_address",
                "tests/gate/test_withheld.py::test_a_child_whose_address_is_withheld_has_no_geography",
            ),
        ),
        Threat(
            "Somebody who objected is counted, linked or shown",
            "Left out before linkage, from the next run on; those not found are said by their line",
            (
                "tests/gate/test_objections.py::test_who_objects_is_in_no_table_of_any_room",
                "tests/gate/test_objections.py::test_nothing_that_is_left_names_them",
                "tests/gate/test_objections.py::test_what_a_reviewer_said_of_them_brings_nobody_back",
            ),
        ),
        Threat(
            "A column or row that was never agreed to comes in",
            "What the protocol does not list stays with the parser; rows out of the window too",
            (
                "tests/gate/test_minimised.py::test_no_canary_in_an_unlisted_column_is_anywhere_after_a_run",
                "tests/gate/test_minimised.py::test_a_child_not_referred_in_the_window_is_set_aside_and_counted",
            ),
        ),
    ),
    "The machine and its disk": (
        Threat(
            "Killed without warning: between steps, in the middle of a write, as a process of a role of its own works, in a review, a release, a destruction",
            "A file has its name only once it is whole; nothing is in the clear; the next run goes on to the same bytes. The full count of kills is under *kills* in [the evidence](../reference/evidence.md)",
            (
                f"{KILLS}::test_killed_at_random_moments_a_study_ends_as_if_undisturbed",
                f"{KILLS}::test_killed_in_the_middle_of_a_write_a_study_goes_on",
                f"{REVIEW}::test_killed_while_answers_are_kept_a_review_goes_on",
                f"{DESTROY}::test_killed_in_the_middle_nothing_opens_and_the_end_is_reached",
                f"{DESTROY}::test_cut_short_at_any_moment_it_goes_on_to_the_end",
                f"{KILLS}::test_killed_with_its_processes_of_roles_at_work_a_study_goes_on",
                f"{PROCESSES}::test_a_process_ends_with_whoever_started_it",
                "tests/journey/test_release.py::test_killed_at_each_move_a_release_goes_on",
                f"{LEDGER}::test_a_line_goes_on_from_what_was_left_by_a_kill",
            ),
        ),
        Threat(
            "A disk that is full, fails, or may not be written",
            "Told in our words with exit code 1; results stay as they were, and no half of a file has a name of its own",
            (
                f"{BAD}::test_a_disk_that_fills_at_any_write_leaves_results_as_they_were",
                f"{BAD}::test_a_disk_that_is_really_full_is_told_and_harms_nothing",
                f"{BAD}::test_a_limit_on_the_size_of_files_is_told_and_harms_nothing",
                f"{BAD}::test_a_folder_without_the_right_to_write_is_told",
                f"{STORE}::test_a_disk_that_fails_at_any_write_leaves_what_was_there",
            ),
        ),
        Threat(
            "A link, a second name or a joined folder laid in the study's own folders, where a file will be made, or between a look and the writing",
            "A study of which anything of its own is a link is refused; every file is made new, and seen to be the one at its place before a byte is written",
            (
                "tests/gate/test_hostile_links.py::test_a_study_whose_own_folders_lead_elsewhere_is_refused",
                "tests/gate/test_hostile_links.py::test_a_ledger_that_is_another_file_takes_no_line",
                "tests/gate/test_hostile_links.py::test_what_waits_to_be_moved_in_is_always_a_new_file",
                "tests/gate/test_hostile_links.py::test_a_link_laid_between_the_look_and_the_writing_leads_no_byte_elsewhere",
                f"{DESTROY}::test_what_a_link_leads_to_is_left_alone",
            ),
        ),
        Threat(
            "Two runs at once, two reviewers at once",
            "The system lends one lock a study and takes it back with the process; a child that one reviewer has begun does not come up for another",
            (
                f"{BAD}::test_a_second_run_on_the_same_study_is_turned_away",
                "tests/unit/test_study_lock.py::test_a_second_holder_is_refused_and_the_first_one_ends_by_a_kill",
                f"{PROCESSES}::test_a_lock_is_held_for_as_long_as_the_process_lives",
                f"{REVIEW}::test_two_reviewers_are_never_given_the_same_child",
            ),
        ),
        Threat(
            "A clock that is set back, ahead of its time, or past 2038; the hour that summer time gives or takes",
            "Every time is UTC; a day in the protocol holds to its end; a clock before the last line of the ledger is refused",
            (
                f"{PROTOCOL}::test_a_protocol_holds_from_its_first_day_to_its_last",
                "tests/gate/test_permission.py::test_the_end_date_is_the_last_day_of_use",
                "tests/gate/test_permission.py::test_the_day_can_turn_in_the_middle_of_a_run",
                "tests/gate/test_hostile_clock.py::test_the_ledger_tells_utc_whatever_the_zone_and_the_year",
                "tests/gate/test_hostile_clock.py::test_a_permission_holds_to_the_last_second_of_its_day_in_utc",
            ),
        ),
        Threat(
            "Temporary files, spills, caches",
            "A run makes none out of the study's folder; the database works in memory alone; the cache holds hashes",
            (
                f"{LEAKS}::test_no_temporary_file_was_ever_made",
                f"{LEAKS}::test_the_cache_holds_hashes_and_no_content",
                f"{REVIEW}::test_in_a_terminal_a_key_is_enough_and_nothing_stays_on_the_screen",
            ),
        ),
        Threat(
            "Words of a library that quote what it was given, in a message, a traceback, a warning, a log or the error stream",
            "One boundary: a stop of ours says what, where and what to do; of any other fault only its place in our code is told",
            (
                "tests/unit/test_cli.py::test_a_fault_of_ours_says_where_and_not_what",
                "tests/unit/test_cli.py::test_no_other_mouth_speaks",
                "tests/spec/test_engine_words.py::test_a_fault_quotes_nothing",
                f"{PROCESSES}::test_a_fault_comes_back_as_its_kind_and_its_place_and_no_word_more",
                "tests/gate/test_hostile_children.py::test_no_library_s_words_come_out_of_a_process",
                f"{LEAKS}::test_nothing_that_was_printed_tells_of_anyone",
                f"{LEAKS}::test_no_file_of_the_study_tells_of_anyone",
            ),
        ),
    ),
    "The network": (
        Threat(
            "Something calls elsewhere",
            "The network is closed before a command begins, in processes of a role too; what is opened is the one host and port of a database that the protocol names, for the reading of it",
            (
                f"{NETWORK}::test_every_command_works_with_the_network_closed",
                f"{NETWORK}::test_no_step_but_receive_may_open_the_network",
                f"{NETWORK}::test_any_other_host_or_port_is_refused",
                "tests/gate/test_hostile_children.py::test_a_process_of_a_role_reaches_nobody",
                "tests/architecture/test_network.py::test_no_module_imports_a_way_to_speak",
            ),
        ),
        Threat(
            "A report or a certificate that calls out when it is read",
            "One whole page with no script and no address",
            (
                f"{PAGE}::test_the_page_calls_nothing_outside_itself",
                f"{DESTROY}::test_the_certificate_holds_wherever_it_is",
            ),
        ),
        Threat(
            "A package that was tampered with on its way",
            "Every package is pinned by its hash and explained",
            (
                "tests/architecture/test_requirements.py::test_every_line_of_a_lock_is_a_pin_a_hash_or_a_note",
                "tests/architecture/test_requirements.py::test_every_package_is_explained",
            ),
        ),
    ),
    "People inside": (
        Threat(
            "A run without permission, or with one that was changed, ran out, or lacks a signature",
            "Asked before every step and act; no source file is opened, and the refusal is in the ledger",
            (
                f"{PROTOCOL}::test_every_change_of_what_was_signed_is_refused",
                f"{PROTOCOL}::test_a_protocol_that_does_not_hold_opens_nothing",
                f"{PROTOCOL}::test_no_step_begins_without_a_protocol_that_holds",
                f"{PROTOCOL}::test_study_toml_never_widens_a_protocol",
            ),
        ),
        Threat(
            "The linker opens content, or the analyst identity",
            "Rooms have keys of their own; a process is handed those of its role and no other; roles, steps and rooms are [one table](../reference/steps.md#who-may-reach-which-room)",
            (
                f"{PROCESSES}::test_with_another_roles_keys_a_step_does_not_open_what_it_reads",
                f"{ROOMS}::test_a_role_works_without_the_rooms_it_does_not_reach",
                f"{CUSTODY}::test_a_step_or_an_act_is_for_whoever_has_its_part",
                f"{ROLES}::test_a_role_reaches_the_rooms_it_should_and_no_other",
            ),
        ),
        Threat(
            "Many slightly different tables are asked for, and subtracted",
            "Every earlier release is remembered, and a new one is attacked together with all of them",
            (
                "tests/generative/test_disclosure_releases.py::test_no_release_lets_earlier_ones_be_subtracted",
                "tests/generative/test_disclosure_outside.py::test_tables_of_two_topics_do_not_give_small_figures_away",
            ),
        ),
        Threat(
            "Author and checker are one, or somebody approves twice",
            "Two approvals of two people, neither the author, on the very bytes",
            (
                "tests/gate/test_release.py::test_a_move_is_made_exactly_where_the_table_says",
                "tests/gate/test_release.py::test_two_names_with_one_key_are_one_person_and_so_are_two_keys_of_one_name",
                f"{PACKAGE}::test_approvals_that_do_not_count_are_found",
                f"{PACKAGE}::test_a_package_changed_under_the_reviewers_hands_is_a_draft",
            ),
        ),
        Threat(
            "The ledger is edited, cut or put back",
            "Each line holds the hash of the one before and a signature; what was last seen of it is kept outside the study",
            (
                f"{LEDGER}::test_every_byte_that_is_another_is_found_at_its_line",
                f"{LEDGER}::test_every_entry_dropped_moved_or_doubled_is_named",
                f"{LEDGER}::test_whatever_is_cut_off_the_end_is_missed",
            ),
        ),
        Threat(
            "A crosswalk or a table of another project is laid in",
            "The project's id is authenticated with every table, and a key of pseudonyms serves one project",
            (
                f"{CUSTODY}::test_content_of_one_project_does_not_open_in_another_under_the_same_key",
                "tests/unit/test_pseudonyms.py::test_a_key_serves_one_project_alone",
                f"{STORE}::test_a_table_cannot_be_put_in_the_place_of_another",
            ),
        ),
        Threat(
            "Data kept for longer than was agreed, or after it was said to be gone",
            "Past its day a study opens nothing but its end; two people end it, and a certificate tells what was erased",
            (
                f"{DESTROY}::test_past_its_day_nothing_is_done_but_the_end",
                f"{DESTROY}::test_nothing_is_left_but_what_is_listed",
                f"{DESTROY}::test_a_backup_of_the_rooms_opens_no_more",
            ),
        ),
        Threat(
            "Something went wrong, and work goes on",
            "Whoever the protocol names freezes the study at once; a run stops at its next step; two approvers lift it",
            (
                f"{INCIDENT}::test_everything_refuses_a_frozen_study_and_opens_no_file",
                f"{INCIDENT}::test_a_run_at_work_stops_at_its_next_step",
                f"{INCIDENT}::test_the_report_needs_no_data_and_tells_of_nobody",
            ),
        ),
    ),
    "What leaves": (
        Threat(
            "A figure that is held back is worked out from those that are printed",
            "A reader who has every table, and every earlier one, is played before anything leaves; fails closed where that takes too long",
            (
                "tests/generative/test_disclosure.py::test_no_held_back_figure_can_be_worked_out_to_a_range_narrower_than_the_policy_says",
                "tests/generative/test_disclosure_answers.py::test_no_figure_that_any_table_holds_back_can_be_worked_out_from_all_tables_together",
                "tests/generative/test_disclosure_answers.py::test_a_solver_that_gives_up_makes_more_be_held_back_and_never_less",
                "tests/referee/test_disclosure_optimum.py::test_ranges_of_small_tables_are_those_found_by_counting_them",
            ),
        ),
        Threat(
            "A report, a chart or a workbook holds more than it shows: attributes, hidden sheets, metadata, words that tell a number",
            "Made of the released tables alone; every number in every file is one of theirs",
            (
                f"{PAGE}::test_every_number_on_the_page_was_released",
                f"{PAGE}::test_no_number_hides_in_an_attribute",
                "tests/unit/test_report_charts.py::test_nothing_in_a_drawing_speaks_but_its_title",
                "tests/unit/test_report_books.py::test_every_figure_was_released",
                "tests/unit/test_report_books.py::test_a_sheet_of_xlsx_has_nothing_that_a_screen_reader_trips_over",
                "tests/gate/test_release_checks.py::test_what_may_not_leave_is_stopped_by_its_check",
            ),
        ),
        Threat(
            "Somebody's own words or files leave with the report",
            "What the report wrote may leave and nothing else; words are looked at for numbers and names",
            (
                f"{PACKAGE}::test_a_file_put_beside_the_report_does_not_leave",
                f"{PACKAGE}::test_a_file_edited_in_out_is_refused",
                "tests/gate/test_release_checks.py::test_what_may_not_leave_is_stopped_by_its_check",
            ),
        ),
        Threat(
            "A cell, a header or a file name that a spreadsheet runs",
            "Cells of workbooks are typed as text; in comma-separated files what begins like a formula has an apostrophe before it; negative numbers stay numbers",
            (
                "tests/gate/test_hostile_formula.py::test_a_cell_or_a_header_that_a_spreadsheet_would_run_is_text",
                "tests/unit/test_report_tidy.py::test_no_cell_is_a_formula",
                "tests/unit/test_report_books.py::test_no_words_are_run",
                "tests/journey/test_checking.py::test_a_file_name_is_no_formula",
                "tests/spec/test_sources_tabular.py::test_a_formula_gives_its_last_value_and_is_never_run",
            ),
        ),
        Threat(
            "Research tables by which somebody knows a child again",
            "Measured, coarsened, blanked where too few are alike, and written out only after somebody has looked at these very tables",
            (
                f"{RISK}::test_what_is_written_passes_the_gate_and_nothing_else_was_changed",
                f"{RISK}::test_without_a_classification_nothing_is_written",
                f"{RISK}::test_files_tell_nothing_by_their_times_statistics_or_order",
                "tests/unit/test_pseudonyms.py::test_pseudonyms_go_with_no_order_of_the_records",
            ),
        ),
        Threat(
            "A partner, or whoever gets its file, finds names behind tokens",
            "Keyed tokens, several a record, in no order; two attacks with everything but the key name fewer than one in a hundred",
            (
                "tests/generative/test_masked_attack.py::test_both_masked_files_name_under_one_in_a_hundred",
                "tests/journey/test_mask.py::test_nothing_of_anybody_leaves_but_tokens",
            ),
        ),
        Threat(
            "A word that promises too much",
            "Nothing that is printed or written says of data that they tell of nobody",
            (
                "tests/gate/test_words_never_said.py::test_nothing_that_is_written_or_printed_says_them_but_in_a_persons_own_words",
            ),
        ),
    ),
}
"""Every threat, by where it comes from. A test sees that each test named here is there."""


def each_test() -> list[str]:
    """Every test that the table names, each once."""
    return sorted({name for threats in THREATS.values() for threat in threats for name in threat.tests})


def parts(as_table: Callable[[tuple[str, ...], Iterable[tuple[str, ...]]], str]) -> Iterator[str]:
    """The page: how it is to be read, then the threats by where they come from."""
    yield (
        "What could go wrong, or be done on purpose; what Hearthlink does; and the tests that show it, each of which is run with every change "
        "(`python3 dev.py test -m threat` runs them alone). What stays open is on "
        "[Where this could leak](where-this-could-leak.md); who may reach which room is [one table](../reference/steps.md#who-may-reach-which-room)."
    )
    for heading, threats in THREATS.items():
        rows = [
            (threat.what, threat.done, "<br>".join(f"`{name.removeprefix('tests/')}`" for name in threat.tests))
            for threat in threats
        ]
        yield f"## {heading}\n\n{as_table(('threat', 'what is done', 'shown by'), rows)}"
