"""The chapter of the demonstration that tells of an inspection; its deeds are imported when it is told."""

from registry.demo.chapters import Chapter

CHAPTER = Chapter("inspecting", (), "registry.inspecting.demo.agenda")
