"""Reading what evidence says in words.

A few checks turn on what a paper says, and a paper's `detail` is free text. It is read for what it affirms: a word
under a negation in its clause does not count, and what a text leaves open is never held against a release.

>>> affirms("audit of billing; the client is not its target", CLIENT_IS_TARGET)
False
>>> affirms("the client is the target of a tax investigation", CLIENT_IS_TARGET)
True
>>> objection_open("written statement with copies of the notice; time to object over, no objection", date(2026, 4, 13))
False
>>> objection_open("written statement with copies; time to object runs to 2026-05-01", date(2026, 4, 13))
True
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

MOST_TEXTS: Final = 1024
"""Texts whose reading is kept: a practice writes the same few sentences beside most of its releases."""

_CLAUSE = re.compile(r"[;.,:\n]|\bbut\b|\bhowever\b|\balthough\b")
_NEGATION = re.compile(r"\b(no|not|never|none|without|excluding|except|neither|nor|unrelated|isn't|wasn't|nothing)\b")
_ISO_DATE = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b", re.ASCII)


def _clauses(text: str) -> Iterator[str]:
    yield from (part for part in _CLAUSE.split(text.casefold()) if part.strip())


@lru_cache(maxsize=MOST_TEXTS)
def affirms(text: str, pattern: re.Pattern[str]) -> bool:
    """Does a clause match, with no negation up to the end of the match?"""
    for clause in _clauses(text):
        found = pattern.search(clause)
        if found and not _NEGATION.search(clause[: found.end()]):
            return True
    return False


@lru_cache(maxsize=MOST_TEXTS)
def mentions(text: str, pattern: re.Pattern[str]) -> bool:
    """Does the text match at all?"""
    return pattern.search(text.casefold()) is not None


CLIENT_IS_TARGET: Final = re.compile(
    r"\b(client|patient|individual) (is|was|being|as)( the| its| a| itself)* (target|subject)\b(?! to)"
    r"|\b(target|subject)\b.{0,20}\b(is|:)\s*the (client|patient|individual)\b"
    r"|\b(investigat\w+|inquiry|case|proceeding|prosecution|action) (of|into|against) the (client|patient|individual)\b"
)
ABOUT_CARE: Final = re.compile(
    r"\b(health|health ?care|care|benefits?|medicaid|medicare|billing|claims?|treatment|eligibility)\b"
)
OF_THE_ORIGINATOR: Final = re.compile(
    r"\b(originator|wrote the notes|writer of the notes|author of the notes|notes' author)\b"
    r"|\b(reviews?|reviewing|audit|investigation|investigat(es|ing)|oversight|complaint|inquiry|inspection|discipline)\b"
    r".{0,40}"
    r"\b(therapist|clinician|counsel?lor|psychologist|psychiatrist|social worker|licensee)\b"
    r"|\b(therapist|clinician|counsel?lor|psychologist|psychiatrist|social worker|licensee)\b.{0,40}"
    r"\b(target|subject|licen[cs]e|wrote|under (review|investigation))\b"
)
NAMES_NOTES: Final = re.compile(
    r"\b(psychotherapy|session|therapy|process|private)[ -]notes\b"
    r"(?! (are |were )?(excluded|excepted|exempt|withheld|omitted|not)\b)"
)
COMPULSORY: Final = re.compile(r"\b(compulsory|compelled|required by law|mandatory)\b")
EMERGENCY: Final = re.compile(r"(?<!non-)\bemergenc(y|ies)\b")
KNOWN_FALSE: Final = re.compile(r"\b(known(?: to be)? false|false(?:ly)?|forged|forgery)\b")
NO_COPY: Final = re.compile(r"\b(no copy|without a copy|copy (was )?not (given|provided|sent))\b")
_NOT_IN_FORCE: Final = re.compile(r"\b(unsigned|draft|expired|terminated|lapsed|cancell?ed|not yet signed)\b")
_ENDS: Final = re.compile(
    r"\b(expires?|expired|terminat\w+|lapse[sd]?|cancell?ed|end(s|ed)?|through|until|to)\b.{0,16}?\d{4}-\d{2}-\d{2}"
)
_ANOTHER_CONTRACT: Final = re.compile(r"\b(earlier|former|previous|prior|old)\b")
OUT_OF_CUSTODY: Final = re.compile(
    r"\b(client|patient|inmate|person|now) (was |had been |has been |is |since )?released\b"
    r"|^\s*(was|had been|has been) released\b|\b(paroled|parolee|probationer)\b"
    r"|(?<!be )\breleased (on (parole|probation|bail)|from (jail|prison|custody)|to the community)\b"
    r"|(?<!released )\bon (parole|probation|bail|supervised release)\b"
)
STATEMENT_ALONE: Final = re.compile(
    r"\bstatement (only|alone)\b"
    r"|\b(without|no|lacks?|lacking) (the |any |accompanying |supporting )*"
    r"(cop(y|ies)|documents?|documentation|papers|attachments?|proof|notice|letters?)\b"
    r"(?! (of (an? )?(objection|motion)|filed|in opposition))"
    r"|(?<!records )(?<!records were )\bnot (yet )?(been )?(notified|told|attached|enclosed|sent)\b"
    r"|\bnothing (attached|enclosed)\b"
)
BY_A_JUDGES_CLERK: Final = re.compile(r"\b(judge|magistrate|justice|court)'s clerk\b")
BY_A_JUDGE: Final = re.compile(r"\b(judge|magistrate|justice|tribunal|court) ?('s)?\b")
SIGNED_BY_A_JUDGE: Final = re.compile(
    r"\bsigned by (the |an? )?"
    r"((hon\.|honou?rable|presiding|administrative|law|trial|circuit|district|superior|family|probate|county) )*"
    r"(judge|magistrate|justice)\b(?!'s)"
)
BY_ATTORNEY_OR_CLERK: Final = re.compile(
    r"\b(signed|issued)( only| solely| just)? by (an? |the )?"
    r"(attorney|atty|lawyer|counsel|clerk|prosecutor|law firm|court clerk|clerk of (the )?court)\b"
    r"|\b(attorney|lawyer|clerk)('?s? subpoena|[- ](issued|signed))\b"
)
LAW_FIRM: Final = re.compile(r"\b(llp|pllc|esq|attorneys?|law (firm|offices?)|clerk)\b")
JUDICIAL: Final = re.compile(r"\b(judge|magistrate|tribunal|commission|administrative law)\b")
CHILD: Final = re.compile(r"\b(child|children|children's|cps|minors?|juvenile|infant)\b")
ADULT: Final = re.compile(r"\b(adults?|adult's|aps|elders?|elderly|domestic|dependent[- ]adult|vulnerable[- ]adult)\b")
OF_ADULTS: Final = re.compile(r"\b(adults?|adult's|aps|elders?|elderly|dependent[- ]adult|vulnerable[- ]adult)\b")
"""What names no report about a child: police who look into domestic violence take those too."""
LOW_PROBABILITY: Final = re.compile(
    r"\blow probability\b(?! of compromise (is |was |could )?not\b)(?! (is |was )?not\b)"
)
AMENDED: Final = re.compile(r"\bamend(ed|ment|ments|ing)?\b")
NOTICE_GIVEN: Final = re.compile(r"\b(notice|notified|told|informed|protective order|objection)\b")
PROTECTIVE: Final = re.compile(r"\bprotective order\b")
NOTICE_TO_CLIENT: Final = re.compile(r"\b(notice|notified|notification|told|informed|time to object|objections?)\b")
NOT_IN_CUSTODY: Final = re.compile(r"\b(not|no longer) (in|under)( lawful)?( custody)?\b")
CLERK: Final = re.compile(r"\bclerk\b")

_OBJECTION: Final = re.compile(r"\b(objections?|objected|objects|motion to quash)\b")
_SETTLED: Final = re.compile(
    r"\b(resolved|withdrawn|overruled|denied|settled|decided|dismissed|none|nil|waived|rejected)\b"
)
_TIME_TO_OBJECT: Final = re.compile(
    r"\b(time|period|deadline|days?|window)\b.{0,20}\bobject(ions?)?\b"
    r"|\bobjections? (period|time|deadline|window)\b"
    r"|\b(until|through|by) \d{4}-\d{2}-\d{2} to object\b|\bobject (until|through|by) \d{4}-"
)
_DAYS_TO_OBJECT: Final = re.compile(r"\b([0-9]{1,3}) days?\b.{0,20}\bobject")
_OVER: Final = re.compile(r"\b(over|passed|expired|elapsed|ended|closed|past|ran out|run out|has run)\b")


_COLON_BEFORE_A_DAY: Final = re.compile(r":\s+(?=\d{4}-\d{2}-\d{2})")
_OBJECTION_STANDS: Final = re.compile(
    r"\b(objections?|motion to quash)\b.{0,40}\b(pending|unresolved|outstanding|undecided|open)\b"
)
_UNSETTLED: Final = re.compile(
    r"\b(not|never)( yet| been)* (resolved|withdrawn|overruled|denied|settled|decided|dismissed|waived)\b"
)


def affirms_bare_statement(text: str) -> bool:
    """Does it say that a statement came without the papers that have to come with it?"""
    return mentions(text, STATEMENT_ALONE)


def contract_over(text: str, day: date) -> bool:
    """Does it say that a contract was not in force on that day: never signed, or ended before?"""
    for clause in _clauses(text):
        if _ANOTHER_CONTRACT.search(clause):
            continue
        ends = _ENDS.search(clause)
        last = _date_in(ends[0]) if ends else None
        if last is not None:
            if last < day:
                return True
            continue
        found = _NOT_IN_FORCE.search(clause)
        if found and not _NEGATION.search(clause[: found.start()]):
            return True
    return False


def objection_open(text: str, day: date, begun: date | None = None) -> bool:
    """Does an assurance say that on that day the time to object still ran, or an objection stood?

    A number of days to object is counted from the day of the notice, where the text tells it, or else from `begun`, the
    day of the paper.
    """
    text = _COLON_BEFORE_A_DAY.sub(" ", text)
    counted_from = None if affirms(text, _OVER) else _notice_day(text) or begun
    if any(_still_runs(clause, day, counted_from) for clause in _clauses(text)) or affirms(text, _OBJECTION_STANDS):
        return True
    settled = mentions(text, _SETTLED) and not mentions(text, _UNSETTLED)
    raised = (clause for clause in _clauses(text) if not _TIME_TO_OBJECT.search(clause))
    return any(affirms(clause, _OBJECTION) for clause in raised) and not settled


def _still_runs(clause: str, day: date, begun: date | None) -> bool:
    """Is a clause about the time to object one that says it was not over?"""
    if not _TIME_TO_OBJECT.search(clause):
        return False
    named, allowed = _date_in(clause), _DAYS_TO_OBJECT.search(clause)
    begins = allowed is not None and _FROM_A_DAY.search(clause) and not _OVER.search(clause)
    if named is not None and not begins:
        return named >= day
    since = named or begun
    if allowed is not None and since is not None:
        return since + timedelta(days=int(allowed[1])) >= day
    over = _OVER.search(clause)
    if over is not None:
        return _NOT_YET.search(clause[: over.start()]) is not None
    return _STILL.search(clause) is not None


_NOT_YET: Final = re.compile(r"\b(not|never|isn't|hasn't)( \w+){0,2} $")
_FROM_A_DAY: Final = re.compile(r"\b(from|since|after|of|on|dated|mailed|sent|served) \d{4}-")
_NOTICE_SENT: Final = re.compile(r"\b(notice|notified|told|informed|mailed|sent|served|posted)\b")


def _notice_day(text: str) -> date | None:
    """The day on which the client was told, where the text says it."""
    told = (clause for clause in _clauses(text) if _NOTICE_SENT.search(clause) and not _TIME_TO_OBJECT.search(clause))
    return next((named for named in map(_date_in, told) if named is not None), None)


_STILL: Final = re.compile(r"\b(not|still|open|running|runs|remains?|remaining|left|until|pending)\b")


def _date_in(text: str) -> date | None:
    for year, month, day in _ISO_DATE.findall(text):
        try:
            return date(int(year), int(month), int(day))
        except ValueError:
            continue
    return None


_FIELD_WORDS: Final = {
    element: re.compile(words)
    for element, words in {
        "date_of_birth": r"birth|dob",
        "address": r"address",
        "member_id": r"member|insurance|policy",
        "service_dates": r"\bdates?\b(?! of birth)|attend|visit|session|appointment|\btimes?\b",
        "service_codes": r"code|procedure|billing|claim",
        "charges": r"charge|billing|ledger|fees?\b|invoice|claim|payment",
        "diagnosis": r"diagnos",
        "symptoms": r"symptom|complaint|injur|condition|threat",
        "functional_status": r"function",
        "treatment_goals": r"goal|plan",
        "treatment_plan": r"plan",
        "progress": r"progress",
        "prognosis": r"prognos",
        "medication": r"medic(ation|ine)|prescri|drug",
        "test_results": r"test|result|score|lab",
        "treatment_summary": r"summar",
        "progress_notes": r"progress note|clinical note|chart note|\bnotes\b",
        "sud_records": r"substance|alcohol|drug|\bsud\b|addiction",
        "physical_description": r"descri|physical|appearance",
        "location": r"location|whereabouts|address",
    }.items()
}
_WHOLE: Final = re.compile(
    r"\b(entire|whole|complete|full|all)\b.{0,20}\b(record|records|chart|file)\b|\bthe (chart|file)\b"
    r"|\b(treatment|medical|clinical|client|patient|mental[- ]health|psychiatric|counsel?ing) (records?|chart|file)\b"
)
_LISTS: Final = re.compile(
    r"\b(names?|naming|lists?|listing|covers?|covering|limited to|calls? for|demands?|asks? for|seeks?|specif(ies|ying)"
    r"|orders? (the )?(release|production|disclosure) of|(release|production|disclosure) of|authori[sz]es|directs"
    r"|permits|allows|only)\b"
)
_IN_EVERY_ORDER: Final = frozenset({"client_name", "other"})


@lru_cache(maxsize=MOST_TEXTS)
def not_named(text: str, data_elements: tuple[str, ...]) -> tuple[str, ...]:
    """Which of the released data elements an order does not name, if its text lists what it names."""
    if not mentions(text, _LISTS):
        return ()
    whole = affirms(text, _WHOLE)
    beyond = tuple(
        element for element in data_elements if element not in _IN_EVERY_ORDER and not _named(element, text, whole)
    )
    return beyond if beyond and (whole or _names_anything(text)) else ()


def _names_anything(text: str) -> bool:
    """Does it name any data element at all? A text that names none is no list."""
    return affirms(text, NAMES_NOTES) or any(_named(element, text, whole=False) for element in _FIELD_WORDS)


def _named(element: str, text: str, whole: bool) -> bool:
    """Is a data element named, or all but the session notes?"""
    if element == "psychotherapy_notes":
        return affirms(text, NAMES_NOTES)
    return whole or (element in _FIELD_WORDS and affirms(text, _FIELD_WORDS[element]))
