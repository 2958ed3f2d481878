"""The chapter of the demonstration that tells how students live and who takes rosters out."""

from registry.demo.chapters import Chapter

CHAPTER = Chapter("rosters", (), "registry.rosters.demo.agenda")
