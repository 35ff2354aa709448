"""Who may do what: accounts, sessions, roles, and the single-user mode on loopback."""
