"""Affiliation strings to institutions and countries (名寄せ), each answer with its evidence."""
