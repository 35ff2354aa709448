"""Kakehashi: from bibliographic exports to decisions about international research collaboration."""

__version__ = "0.1.0"
