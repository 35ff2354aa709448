"""Linking of affiliation strings to the organisations of a registry (ROR)."""
