"""Writers of the report as Word, PowerPoint, Excel and PDF files, all from the same outline as the HTML page."""
