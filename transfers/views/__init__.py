"""Views of 学籍变动."""
