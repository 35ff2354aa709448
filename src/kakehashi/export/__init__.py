"""A study in the formats of other programs: networks for Gephi, Pajek and VOSviewer, tables for any program."""
