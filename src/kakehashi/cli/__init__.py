"""The command line: words, options and progress. The work is done by the library."""
