"""The first day of an office: schools and the people on their posts from one workbook, checked before anything is written."""
