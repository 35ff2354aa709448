"""Policy and knowledge as files, each with a source and a date."""
