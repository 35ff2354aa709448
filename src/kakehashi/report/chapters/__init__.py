"""The report's chapters: each turns a context into blocks and knows nothing of HTML pages."""
