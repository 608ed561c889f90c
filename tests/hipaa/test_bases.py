"""The table of legal bases: complete, cited, and read as docs/hipaa.md says."""

import doctest
from collections import Counter

import pytest

from disclosure_ledger.errors import InvalidRecord, Malformed, UnknownVersion
from disclosure_ledger.hipaa import bases, basis, part2
from disclosure_ledger.hipaa.bases import BASES, DEFAULT_YES, PART2, Rules, purpose, withheld


@pytest.mark.parametrize("module", [bases, basis, part2])
def test_the_examples_of_the_module_hold(module):
    assert doctest.testmod(module).failed == 0


def test_43_codes_are_listed_23_excluded_and_5_unsettled():
    assert Counter(row.accountable for row in BASES.values()) == {"yes": 43, "no": 23, "default_yes": 5}


def test_every_excluded_code_names_its_paragraph_and_no_other_code_does():
    for row in BASES.values():
        assert bool(row.exclusion) == (row.accountable == "no"), row.code


def test_all_exclusions_but_the_compliance_date_have_a_code():
    named = {row.exclusion for row in BASES.values()} - {""}
    assert named == {f"(a)(1)({n})" for n in ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii")}


def test_only_oversight_and_law_enforcement_can_be_suspended():
    assert {row.code for row in BASES.values() if row.suspendable} == {
        "health_oversight",
        *(code for code in BASES if code.startswith("le_")),
    }


def test_only_hhs_and_512_may_be_summed_up_and_only_research_listed_as_a_study():
    assert all(row.citation.startswith(("164.512", "164.502(a)(2)(ii)")) for row in BASES.values() if row.b3)
    assert {row.code for row in BASES.values() if row.b4} == {
        "research_waiver",
        "research_preparatory",
        "research_decedents",
    }


def test_the_unsettled_codes_are_the_five_of_the_table():
    assert {
        "parent_not_representative",
        "individual_directed_third_party",
        "business_associate_own_purposes",
        "whistleblower",
        "workforce_crime_victim",
    } == DEFAULT_YES


def test_every_row_is_cited_and_dated():
    assert all("164." in row.citation and row.evidence and row.effective_from for row in BASES.values())


def test_releases_that_must_be_deniable_are_those_of_512_d_f_k2_and_k5():
    assert {code for code in BASES if withheld(code)} == {
        "health_oversight",
        "national_security",
        "correctional_custody",
        *(code for code in BASES if code.startswith("le_")),
    }


def test_an_unknown_code_is_refused_with_the_nearest_one():
    with pytest.raises(InvalidRecord) as caught:
        bases.basis("court_ordr")
    assert caught.value.field == "basis"
    assert caught.value.hint == "did you mean court_order?"


def test_a_part_2_code_is_refused_with_the_nearest_one():
    with pytest.raises(InvalidRecord) as caught:
        bases.part2_basis("p2_consent")
    assert caught.value.field == "part2_basis"
    assert caught.value.hint.startswith("did you mean p2_consent")


def test_every_part_2_code_goes_with_bases_that_exist():
    assert all(set(row.goes_with) <= set(BASES) for row in PART2.values())


def test_no_sentence_keeps_a_brace_when_every_field_is_missing():
    for code, row in BASES.items():
        sentence = purpose(code, recipient="Somebody")
        assert (sentence is None) == (row.client_purpose is None)
        assert sentence is None or ("{" not in sentence and "  " not in sentence and sentence.endswith("."))


def test_a_clause_whose_field_is_missing_falls_away():
    assert purpose("court_order", matter="881").startswith("A court ordered us to release this information (case 881);")
    assert purpose("court_order").startswith("A court ordered us to release this information;")
    assert purpose("research_waiver", protocol_name="Sleep") == (
        "Your information may have been shared for the research study Sleep, approved by a review board."
    )


def test_an_impermissible_release_says_what_went_wrong():
    assert purpose("impermissible", explanation="Wrong number.") == "This was sent in error. Wrong number."
    assert purpose("impermissible", block_sentence="The form had expired.") == (
        "This was sent in error. The form had expired."
    )
    assert purpose("impermissible", explanation="Wrong number.", block_sentence="x").endswith("Wrong number.")


def test_a_field_that_holds_braces_is_printed_as_it_is():
    assert purpose("treatment", recipient="{matter}") == (
        "We shared this so that {matter} could treat you or coordinate your care."
    )


def test_a_release_made_by_a_business_associate_says_so():
    assert purpose("workers_compensation", matter="WC-77", disclosed_by="ClaimCo").endswith(
        "for claim WC-77 (sent for us by ClaimCo)."
    )
    assert "ClaimCo" not in purpose("impermissible_by_business_associate", disclosed_by="ClaimCo")
    assert "sent for us" not in purpose("court_order", disclosed_by="practice")


@pytest.mark.parametrize(
    "name",
    [
        "45-cfr-164.528/2002-08-14",
        "45-cfr-164.528/2002-08-14+without-whistleblower+without-workforce_crime_victim",
        "45-cfr-164.528/2002-08-14+part2-accounting-from-2027-01-01+covered-since-2024-05-01",
    ],
)
def test_the_name_of_the_rules_is_read_back(name):
    assert Rules.parse(name).name() == name


@pytest.mark.parametrize(
    "name",
    ["45-cfr-164.528/2030-01-01", f"{bases.RULES}+without-payment", f"{bases.RULES}+x", f"{bases.RULES}+whistleblower"],
)
def test_rules_that_this_release_does_not_know_are_neither_good_nor_bad(name):
    with pytest.raises(UnknownVersion):
        Rules.parse(name)


def test_two_spellings_of_one_reading_are_refused():
    twice = f"{bases.RULES}+without-whistleblower+without-whistleblower"
    with pytest.raises(Malformed):
        Rules.parse(twice)


def test_a_settled_code_cannot_be_turned_off():
    with pytest.raises(Malformed):
        Rules(without=frozenset({"court_order"}))
    assert Rules(without=frozenset({"whistleblower"})).lists("court_order")
    assert not Rules(without=frozenset({"whistleblower"})).lists("whistleblower")
