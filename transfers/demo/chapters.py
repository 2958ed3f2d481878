"""The chapters of the demonstration that are told here; their deeds are imported when they are told."""

from registry.demo.chapters import Chapter
from transfers.demo.story import JUNIOR

POINT, TAKER = "2162990005", "2162990004"
"""积石山县示例教学点, and the primary school of its county that takes the pupils of its last grade."""
CHANGES = Chapter("changes", (JUNIOR,), "transfers.demo.agenda.agenda", "transfers.demo.crowd.fill")
TEACHING_POINT = Chapter("teaching_point", (POINT, TAKER), "transfers.demo.point.agenda")
