"""The explorer: a study as pages in the browser, served from this machine to this machine."""
