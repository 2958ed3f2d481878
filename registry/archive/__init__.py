"""学籍档案: its parts, there or missing, when it is due, late ones by school, and the whole for a move to another school."""
