"""The chapter of the demonstration that tells of 小学一年级新生; its deeds are imported when it is told."""

from registry.demo.chapters import Chapter

UNDER_WAY, REGISTERED, FRESH = "2162990002", "2162990001", "2162990003"
"""广河县, 临夏市 and 东乡县示例小学; the last has people and no list, for walking the whole way."""
CHAPTER = Chapter("entry", (UNDER_WAY, REGISTERED, FRESH), "registry.entry.demo.agenda")
