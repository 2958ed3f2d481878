"""The chapter of the demonstration that tells of 信息核查; its deeds are imported when it is told."""

from registry.demo.chapters import Chapter

CHAPTER = Chapter("verifying", (), "registry.verifying.demo.agenda")
