"""Co-authorship networks of countries and institutions."""
