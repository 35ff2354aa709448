"""Figures: rows in, Vega-Lite specification or HTML out. Nothing here queries a table or shows a window."""
