"""The versions of the schema. A version that has been released is never edited: add another."""
