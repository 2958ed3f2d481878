"""The papers of 学籍变动: what each says, and how it is set on its page."""
