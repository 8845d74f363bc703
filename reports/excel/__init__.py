"""Reports on paper: tables in, an Excel workbook out. Knows no query."""
