"""The publishing protocol: how one Architect flow is changed without hurting anybody (design.md)."""
