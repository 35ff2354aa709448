"""The hub's pages: registers, KPIs, readiness and matching, for one user on this machine or for many with accounts."""
