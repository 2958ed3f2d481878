"""The chapter of the demonstration that tells of archives and of the interface; its deeds are imported when it is told."""

from registry.demo.chapters import Chapter

CHAPTER = Chapter("archive", (), "registry.archive.demo.agenda")
