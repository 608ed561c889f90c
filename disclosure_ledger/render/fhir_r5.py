"""The same resources in FHIR R5 (5.0.0): made of those of R4, so that both say the same.

>>> event({"resourceType": "AuditEvent", "id": "e", "type": {"code": "110106"}, "subtype": [{"code": "disclose"}],
...     "action": "R", "period": {"start": "2026-02-03"}, "recorded": "2026-02-04T00:00:00Z", "outcome": "0",
...     "agent": [], "source": {"observer": {"display": "Harbor"}}, "entity": []})["occurredPeriod"]
{'start': '2026-02-03'}

There is no R5 edition of the profile, so none is claimed. R5 has no place for the kind of network, the medium and the
lifecycle of the data; an outcome is optional, and one that says no more than that it happened is left out.
"""

from typing import Any

Resource = dict[str, Any]


def event(told: Resource) -> Resource:
    """An AuditEvent of R5 of one of R4."""
    made: Resource = {name: told[name] for name in ("resourceType", "id", "text") if name in told}
    made |= {"category": [{"coding": [told["type"]]}], "code": {"coding": told["subtype"]}, "action": told["action"]}
    made |= {"occurredPeriod": told["period"]} if "period" in told else {}
    made |= {name: told[name] for name in ("recorded", "_recorded") if name in told}
    made |= {"authorization": told["purposeOfEvent"]} if "purposeOfEvent" in told else {}
    patients = [entity["what"] for entity in told["entity"] if entity["role"]["code"] == "1"]
    made |= {"patient": patients[0]} if patients else {}
    agents = [{name: agent[name] for name in ("type", "who", "requestor") if name in agent} for agent in told["agent"]]
    return made | {"agent": agents, "source": told["source"], "entity": [_entity(one) for one in told["entity"]]}


def composition(told: Resource) -> Resource:
    """A Composition of R5 of one of R4: what may be several is a list."""
    several = {name: [told[name]] for name in ("identifier", "subject") if name in told}
    return told | several


def _entity(told: Resource) -> Resource:
    described = {"what": {"display": told["description"]}} if "description" in told else {}
    labels = [{"coding": [label]} for label in told.get("securityLabel", ())]
    details = [{"type": {"text": one["type"]}, "valueString": one["valueString"]} for one in told.get("detail", ())]
    return {
        **({"what": told["what"]} if "what" in told else described),
        "role": {"coding": [told["role"]]},
        **({"securityLabel": labels} if labels else {}),
        **({"detail": details} if details else {}),
    }
