"""The chapter of the demonstration that tells of 问题学籍; its deeds are imported when it is told."""

from registry.demo.chapters import Chapter

ONE, OTHER = "3462990010", "3162990002"
"""东乡县示例民族中学 and a junior high whose people come with 学籍异动; between them records are doubled."""
CHAPTER = Chapter("problems", (), "registry.problems.demo.agenda")
