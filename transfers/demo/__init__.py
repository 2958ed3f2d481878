"""The chapter of 学籍变动 in the demonstration: pupils of several schools, and changes at every desk. Nothing else imports it."""
