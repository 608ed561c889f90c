"""What every accounting says beside its rows, the same for every client, whatever is or is not left out.

Plain language, grade 6 to 8. Nothing here may depend on a client: one word that changed with a suspension would
betray it (164.528(a)(2)).

>>> STATEMENTS[0][:26]
'This list shows the times '
"""

from typing import Final

STATEMENTS: Final = (
    (
        "This list shows the times we shared your health information with someone outside our practice during "
        "the period above, when the law says we must list it. It also shows mistakes."
    ),
    (
        "The law does not make us list: sharing for your treatment, for payment, or to run our practice; what "
        "we gave to you or to the person who acts for you; what someone may have overheard or seen in passing "
        "in spite of our care; what you allowed in writing; a facility directory, and what we told family, "
        "friends or others who help with your care, or told to let them know how you are; what went to "
        "national security or intelligence officials; what went to a jail, prison or officer who had you in "
        "custody; sets of data with names and other direct identifiers removed; and anything from before the "
        "privacy rule bound us."
    ),
    (
        "Federal law sometimes requires us to leave out, for a limited time, what we shared with agencies "
        "that oversee health care or with law enforcement. Every list of this kind says so, whether or not "
        "anything was left out."
    ),
    (
        "When we shared things with the same person or office for one purpose more than once, one line may stand "
        "for all of them. It gives the first date, the last date and how many there were."
    ),
    (
        "The first list you ask for in any 12 months is free. If you ask again within that time we may charge "
        "what it costs us, but only if we tell you first and you can change your mind or ask for less."
    ),
    (
        "If something here looks wrong or is missing, or if you have a question, please ask us. We will "
        "correct a mistake and send you the corrected list free of charge."
    ),
    (
        "If you think your privacy was not respected, you may complain to us or to the Office for Civil "
        "Rights of the U.S. Department of Health and Human Services (www.hhs.gov/ocr/complaints). We will not "
        "hold it against you."
    ),
)
"""The boilerplate of every accounting, in the order in which it is printed."""

STUDY: Final = (
    "Your health information may or may not have been shared for this study. If it is likely that it was, we will help"
    " you reach the sponsor and the researcher when you ask."
)
"""What goes with every study that is listed in place of releases (164.528(b)(4)(i)(F), (b)(4)(ii))."""
