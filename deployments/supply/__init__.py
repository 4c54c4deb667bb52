"""What the project is made of, and how a release of it is made: lock, bill of materials, vulnerabilities, archives."""
