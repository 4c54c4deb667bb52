"""What becomes of each step: the rule that matches, its verdict, and the lever that is moved."""
