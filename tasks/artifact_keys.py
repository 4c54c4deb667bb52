"""The keys of artifacts: the same for one org in every run, so that the UI shows an artifact's history."""

from slugify import slugify

from timeouts.org import Organization


def key_of(what: str, organization: Organization) -> str:
    """Give the key; Prefect takes lower-case letters, digits and dashes only (prefect.md 7)."""
    return f"{what}-{slugify(organization.name) or 'org'}-{slugify(organization.id)[:8]}"
