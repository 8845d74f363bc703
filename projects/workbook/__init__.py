"""The project workbook: the office's own list, in and out. With ``reports/excel`` alone in knowing openpyxl."""
