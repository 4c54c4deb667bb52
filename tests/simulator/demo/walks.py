"""Walks of our own over the configurations of the demo org."""

from typing import Any

from simulator.org.seeds import ArchitectFlowSeed


def labels(seed: ArchitectFlowSeed) -> list[str]:
    """Its published versions, or its draft."""
    return list(seed.published_versions) or ["draft"]


def live(seed: ArchitectFlowSeed) -> bytes:
    """Its live configuration, or the only one there is."""
    return seed.configuration(labels(seed)[-1])


def actions(document: dict[str, Any]) -> list[dict[str, Any]]:
    """The nodes in the two places where actions are."""
    found = []
    for container in document["flowSequenceItemList"]:
        found += container.get("actionList", [])
        found += [choice["action"] for choice in container.get("menuChoiceList", [])]
    return found


def models(document: dict[str, Any]) -> list[dict[str, Any]]:
    """The common modules whose snapshots a configuration carries."""
    return [entry["model"] for entry in document.get("commonModules", [])]


def steps(document: dict[str, Any]) -> list[dict[str, Any]]:
    """The Call Data Action steps among them."""
    return [node for node in actions(document) if node["__type"] == "DataAction"]
