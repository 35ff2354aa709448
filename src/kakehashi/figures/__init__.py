"""Figures: rows in, Vega-Lite specification or HTML out. Nothing here queries a table, shows a window or reads a clock."""
