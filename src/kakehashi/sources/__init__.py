"""Readers of bibliographic exports. Each recognises its format by content and yields records and refusals."""
