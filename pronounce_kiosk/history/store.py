"""`HistoryStore`: every attempt, in one SQLite file.

An attempt is committed, and flushed to the disk, before its score is shown; so it survives the
power cut that ends a lesson. One store belongs to one thread (the kiosk's history worker, or a
command); several stores, in several processes too, may have the same file open.

Numbers are answered from indices and from sums written with each attempt, so a question takes
about as long after 100,000 attempts as after the first.
"""

from pronounce_kiosk.history.deletion import Deletion
from pronounce_kiosk.history.review import Review
from pronounce_kiosk.history.statistics import Statistics


class HistoryStore(Statistics, Review, Deletion):
    """All that can be asked of the file, a base class a subject; see `Database`."""
