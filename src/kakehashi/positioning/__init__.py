"""Where countries and institutions stand relative to the home country, and where they are strong or weak."""
