"""Every word that a renderer adds to a letter or a cover sheet, beside `words`: the same catalogue, its other half.

`{…}` marks what is filled in, and nothing filled in is read as a pattern. The notice of 42 CFR 2.32 is in no
catalogue: the rule prescribes its English words.

>>> ENGLISH_LETTERS.words.fill(ENGLISH_LETTERS.extension_until, date="February 21, 2027")[:44]
'We will give you the list by February 21, 20'
"""

from dataclasses import dataclass
from typing import Final

from .words import ENGLISH, Words


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterWords:
    """The phrases of the letters in one language. `words`: those of the accounting, for days, labels and the foot."""

    words: Words

    date: str
    to: str
    reference: str
    """Label of the client's number and request, as the client should quote them."""
    ask: str
    """Heading of whom to ask."""
    ask_us: str
    """Where the letterhead has an address and no contact."""
    ask_as_before: str
    """Where it has neither."""
    ask_contact: str
    """`{contact}`."""
    complain: str
    received: str
    """`{made}`, `{received}`: the days of the request."""
    unprintable: str

    extension_title: str
    extension_subtitle: str
    extension_when: str
    """Heading: by when."""
    extension_until: str
    """`{date}`."""
    extension_limit: str
    """`{due}`."""
    extension_once: str
    extension_why: str
    """Heading: the reasons."""

    fee_title: str
    fee_subtitle: str
    fee_amount: str
    fee_reckoned: str
    fee_why: str
    """Heading."""
    fee_first_free: str
    fee_cost: str
    fee_choose: str
    """Heading: what the client can do."""
    fee_proceed: str
    """`{fee}`."""
    fee_narrow: str
    fee_withdraw: str
    fee_nothing_yet: str

    corrected_title: str
    corrected_subtitle: str
    corrected_since: str
    """`{date}`: the day of the list before."""
    corrected_replaces: str
    corrected_free: str
    corrected_changes: str
    """Heading and label."""
    corrected_none: str
    changed: str
    added: str
    gone: str
    before: str
    after: str

    cover_title: str
    cover_from: str
    cover_released_on: str
    cover_what: str
    cover_matter: str
    cover_pages: str
    cover_confidential: str
    """Heading."""
    cover_private: str
    cover_mistake: str
    """Where the letterhead says how to reach the practice, before `cover_call` or `cover_write`."""
    cover_mistake_answer: str
    """Where it does not."""
    cover_call: str
    """`{contact}`."""
    cover_write: str
    cover_safe: str
    part2: str
    """Heading: the notice of 42 CFR 2.32."""
    consent: str
    """Heading: how far the consent reaches."""
    consent_scope: str
    consent_copy: str
    consent_signed: str
    consent_information: str
    consent_purpose: str
    consent_until: str
    consent_open: str


ENGLISH_LETTERS: Final = LetterWords(
    words=ENGLISH,
    date="Date",
    to="To",
    reference="Please quote",
    ask="Questions",
    ask_us="If you have a question, please ask us. You can reach us at the address above.",
    ask_as_before="If you have a question, please ask us in the same way in which you asked us for the list.",
    ask_contact="If you have a question, please ask us: {contact}.",
    complain=(
        "If you think your privacy was not respected, you may complain to us or to the Office for Civil Rights of the "
        "U.S. Department of Health and Human Services (www.hhs.gov/ocr/complaints). We will not hold it against you."
    ),
    received=(
        "On {made} you asked us for a list of the times we shared your health information. We received your request "
        "on {received}."
    ),
    unprintable=(
        "Some characters could not be printed here. Each stands as its number in the Unicode standard, such as "
        "[U+4E2D]. Ask us for this letter as a web page, which shows them."
    ),
    extension_title="We need more time for your list",
    extension_subtitle="Extension of time under federal law, 45 CFR 164.528(c)(1)",
    extension_when="When you will get it",
    extension_until="We will give you the list by {date}.",
    extension_limit=(
        "The law gives us 60 days, to {due}. It lets us take up to 30 days more if we tell you so in writing before "
        "then, with the reason and the new date. This letter does that."
    ),
    extension_once="We can do this only once. You do not have to do anything.",
    extension_why="Why it takes longer",
    fee_title="What your list would cost",
    fee_subtitle="Notice of a fee under federal law, 45 CFR 164.528(c)(2)",
    fee_amount="The fee",
    fee_reckoned="How we worked it out",
    fee_why="Why there is a fee",
    fee_first_free=(
        "The first list you ask for in any 12 months is free. We gave you a free list that you asked for less than 12 "
        "months before this request. So we may ask for a fee this time."
    ),
    fee_cost="The fee may be no more than what the list reasonably costs us.",
    fee_choose="What you can do",
    fee_proceed="Go on: tell us that you agree to pay {fee}, and we will make the list.",
    fee_narrow="Ask for less: name a shorter time, and we will tell you if the fee gets smaller or goes away.",
    fee_withdraw="Take your request back: then you pay nothing.",
    fee_nothing_yet="You owe nothing now. We charge nothing unless you tell us to go on.",
    corrected_title="Your corrected list",
    corrected_subtitle="Letter with an accounting of disclosures under federal law, 45 CFR 164.528",
    corrected_since=(
        "On {date} we gave you a list of the times we shared your health information. Since then we looked at our "
        "record again. With this letter comes the list as it stands today."
    ),
    corrected_replaces="Please use the new list in place of the old one.",
    corrected_free="The corrected list costs you nothing more.",
    corrected_changes="What is different",
    corrected_none="Nothing that is on the list reads otherwise than before.",
    changed="Put right",
    added="New on the list",
    gone="No longer on the list",
    before="It said",
    after="It says now",
    cover_title="Confidential health information",
    cover_from="From",
    cover_released_on="Date",
    cover_what="What we send",
    cover_matter="Your reference",
    cover_pages="Pages that follow",
    cover_confidential="Please keep this private",
    cover_private=(
        "The pages that follow hold health information that the law protects. They are meant only for the person or "
        "office named above. Use them only for what they were sent for, and let nobody see them who does not need to."
    ),
    cover_mistake=(
        "If you are not that person or office: please do not read, copy or pass on any of it. Tell us at once, and we "
        "will ask you to send the pages back or destroy them."
    ),
    cover_mistake_answer=(
        "If you are not that person or office: please do not read, copy or pass on any of it. Tell whoever sent or "
        "brought you these pages at once, and we will ask you to send them back or destroy them."
    ),
    cover_call="You can reach us here: {contact}.",
    cover_write="You can reach us at the address above.",
    cover_safe="Sending this to the wrong place does not take its protection away.",
    part2="Notice about substance use disorder records (42 CFR 2.32)",
    consent="What the patient agreed to",
    consent_scope="This was released with the patient's written consent. It reaches as far as this (42 CFR 2.32(b)):",
    consent_copy=(
        "This was released with the patient's written consent. A copy of the consent, or a clear explanation of its "
        "scope, comes with these pages (42 CFR 2.32(b))."
    ),
    consent_signed="Signed on",
    consent_information="Information",
    consent_purpose="Purpose",
    consent_until="Holds until",
    consent_open="no end is stated",
)
