"""Export files to works: read every record, merge what describes one work, keep where each value came from."""
