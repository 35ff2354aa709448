"""Indicators of countries and institutions: volume, international share, centralities, activity."""
