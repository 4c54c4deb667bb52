"""What an org has live beside what files say of the same Architect flows and actions, and what a deploy would undo."""
