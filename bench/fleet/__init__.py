"""What audits of many orgs cost a server and its workers: `make bench BENCH="--only fleet"` (docs/fleet.md)."""
