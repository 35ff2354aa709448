"""Sorts works into technology fields by their keywords (appendix 2 of the 2023 study, in its plain form)."""
