"""The demonstration at full size: what 420,000 students, 1,200 schools and 100,000 past requests weigh.

Rows are made in order from one seed and go in by COPY, a stretch at a time, each committed, so that neither this process
nor the database holds more than a stretch. The same seed on the same day makes the same rows; sealed numbers alone
differ, because a cipher never repeats itself.
"""

from registry.demo.scale.build import fill
from registry.demo.scale.size import FULL, HUNDREDTH, TENTH, Size

__all__ = ["FULL", "HUNDREDTH", "TENTH", "Size", "fill"]
