"""The keys of artifacts. The same key is one artifact with a history in the Prefect UI, so that a key never changes."""

import hashlib

from slugify import slugify

from timeouts.model.org import FILES, Organization


def key_of(what: str, organization: Organization) -> str:
    """Return the key of an artifact of an org: `timeouts-summary-<name>-<begin of its id>`.

    Keys take lower-case letters, digits and dashes only (docs/measured.md#artifacts).
    """
    return f"{what}-{slugify(organization.name) or 'org'}-{_begin(organization)}"


def history_key(organization: Organization, architect_flow_id: str) -> str:
    """Return the key of an Architect flow's history: of ids alone, for names change."""
    slug = slugify(architect_flow_id)
    if slug != architect_flow_id:  # ids of the platform are GUIDs; others must not meet in one slug
        slug = f"{slug}-{hashlib.sha256(architect_flow_id.encode()).hexdigest()[:8]}".strip("-")
    return f"timeouts-of-{_begin(organization)}-{slug}"


def _begin(organization: Organization) -> str:
    return slugify(organization.id.removeprefix(FILES))[:8]  # which all ids of files begin with
