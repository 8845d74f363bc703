"""Adding a place that a person named and nobody knew."""

from django.db import transaction

from places.models import Level, Locality
from places.names import read_place, split_written
from places.provinces import FIRST_DAY, LAST_DAY


@transaction.atomic
def add_place(*, text, day):
    """Add the place that ``text`` ("xã Y Can, huyện Trấn Yên") names for a fact of ``day``.

    For a name that ``matching`` does not find. Without a word that tells its kind it is taken for a commune of
    unknown kind; it stands under the unit named after the comma where there is exactly one. It is valid on its
    side of 1/7/2025. Raises ValueError with a Vietnamese sentence where ``text`` holds no name.
    """
    above = text.partition(",")[2]
    parents = list(Locality.objects.matching(above, day)[:2])
    place = new_place(text=text, day=day, parent=parents[0] if len(parents) == 1 else None)
    place.save()
    return place


def new_place(*, text, day, parent):
    """The unsaved unit that ``text`` names up to its first comma, under ``parent`` or None; see ``add_place``."""
    first = text.partition(",")[0]
    kind, name = split_written(first)
    if not name:
        raise ValueError(f"“{text}” không có tên địa bàn.")
    levels = read_place(first).levels or (Level.COMMUNE,)
    place = Locality(
        name=name,
        kind=kind,
        level=levels[0],
        parent=parent if levels[0] != Level.PROVINCE else None,
        valid_from=FIRST_DAY if day >= FIRST_DAY else None,
        valid_to=LAST_DAY if day <= LAST_DAY else None,
    )
    place.fill_keys()
    return place
