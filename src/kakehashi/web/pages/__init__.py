"""The pages of the explorer, one module a subject: each takes a View and returns a Page."""
