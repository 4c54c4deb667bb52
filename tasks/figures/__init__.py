"""The tasks that read figures of an org: what its actions did, and how many executions it allows."""
