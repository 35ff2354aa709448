"""The study as one self-contained page a language."""
