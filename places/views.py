"""Finding a place while typing."""

from django.http import JsonResponse
from django.views.decorators.http import require_GET

from khuyencong.dates import local_today, parse_day
from places.models import Locality

FOUND_AT_MOST = 20
# More than one province has of one name; enough to put those in force first.
LOOKED_AT = 200


@require_GET
def locality_search(request):
    """``?q=``: places by name without diacritics; those that exist on ``?vao_ngay=`` (today) first, others marked."""
    day = _day(request.GET.get("vao_ngay", ""))
    places = Locality.objects.with_parents().search(request.GET.get("q", "")).order_by("sort_key", "pk")[:LOOKED_AT]
    valid = set(
        Locality.objects.valid_on(day).filter(pk__in=[place.pk for place in places]).values_list("pk", flat=True)
    )
    places = sorted(places, key=lambda place: place.pk not in valid)[:FOUND_AT_MOST]
    results = [
        {
            "id": place.pk,
            "text": place.full_name,
            "sub": "" if place.pk in valid else "không còn (chưa có) vào ngày này",
        }
        for place in places
    ]
    return JsonResponse({"results": results})


def _day(text):
    try:
        return parse_day(text)
    except ValueError:
        return local_today()
