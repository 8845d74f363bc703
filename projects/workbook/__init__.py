"""The project workbook: the office's own list, in and out; one of three places that know openpyxl."""
