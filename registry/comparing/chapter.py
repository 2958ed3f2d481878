"""The chapter of the demonstration that tells of 国网省网比对; its deeds are imported when it is told."""

from registry.demo.chapters import Chapter

CHAPTER = Chapter("comparing", (), "registry.comparing.demo.agenda")
