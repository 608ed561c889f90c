"""Classes of persons that a form or a restriction names in place of one: "any of my doctors", "my family".

>>> is_class_of("any of my treating doctors", "provider"), is_class_of("Fairview Family Doctors", "provider")
(True, False)
>>> is_everybody_of("my family", "family"), is_everybody_of("my brother", "family")
(True, False)
"""

import re
from typing import Final

_CLASS: Final = re.compile(r"^(any|all|each|every|my|our)\b")
_CLASSES: Final = {
    "provider": re.compile(r"\b(providers?|doctors?|physicians?|therapists?|clinicians?|hospitals?)\b"),
    "health_plan": re.compile(r"\b(insurers?|insurance|health plans?|plans?|payers?)\b"),
    "school": re.compile(r"\b(schools?|teachers?)\b"),
    "attorney": re.compile(r"\b(attorneys?|lawyers?|counsel)\b"),
    "court": re.compile(r"\bcourts?\b"),
    "family": re.compile(r"\b(family|relatives?|parents?|spouse|husband|wife|sisters?|brothers?)\b"),
    "employer": re.compile(r"\bemployers?\b"),
    "researcher": re.compile(r"\bresearchers?\b"),
}


def is_class_of(name: str, recipient_type: str) -> bool:
    """Does a form's recipient name a class of persons ("any of my doctors"), and is that recipient of the class?"""
    members, said = _CLASSES.get(recipient_type), name.strip().casefold()
    return members is not None and _CLASS.search(said) is not None and members.search(said) is not None


_EVERYBODY: Final = {
    "family": re.compile(r"((any|all|each|every|my|our|other) )*(of )?(my )?(family|relatives?)( members?)?"),
    "health_plan": re.compile(
        r"((any|all|each|every|my|our) )*(health )?(insurers?|insurance( compan(y|ies))?|plans?|payers?)"
    ),
    "employer": re.compile(r"(any|all|each|every|my|our) employers?"),
    "school": re.compile(r"(any|all|each|every|my|our) schools?"),
}


def is_everybody_of(name: str, recipient_type: str) -> bool:
    """Does a restriction name a whole class ("my family"), and is that recipient of it? One of a class is not all."""
    whole = _EVERYBODY.get(recipient_type)
    return whole is not None and whole.fullmatch(" ".join(name.casefold().split())) is not None
