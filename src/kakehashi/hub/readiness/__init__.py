"""Readiness: a questionnaire on the survey's own items, compared with the survey, to gaps, actions and change."""
