"""Cases as tables: the same rows for the console and the command, as CSV or as a workbook."""
