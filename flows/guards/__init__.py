"""Who may write to an org: one run at a time, and one org a process."""
