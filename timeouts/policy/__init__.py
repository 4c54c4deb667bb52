"""What somebody asks for: the policy, its rules, and the file that they are written in."""
