"""The publishing protocol: how one Architect flow is changed without hurting anybody.

Source: docs/design.md#the-publishing-protocol.
"""
