"""Reports on paper: tables in, an Excel workbook out. Knows no query; with projects/workbook alone knows openpyxl."""
