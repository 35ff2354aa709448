"""Advice: from a study's tables and the knowledge to partners, schemes, programmes and first steps, with reasons."""
