"""The knowledge under data/knowledge, read into frozen dataclasses and checked; a user's files are laid over it."""
