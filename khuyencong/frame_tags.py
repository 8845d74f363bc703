"""Template tags of the frame: links that keep year and day, figure links, pickers; built into every template."""

import calendar
from collections.abc import Iterable
from datetime import date
from urllib.parse import urlencode

from django import template
from django.forms.utils import flatatt
from django.urls import reverse
from django.utils.html import format_html, format_html_join

register = template.Library()

# Parameters that say how a list is shown, not which rows it holds.
SHOWN_HOW = frozenset({"nam", "ngay", "sap", "trang", "don_vi"})


def build_url(view_name, *args, **params) -> str:
    """The address of ``view_name`` (positional ``args`` to the URL) with ``params`` as its query.

    A parameter that is None or "" is left out; a date is written ISO, True as 1; a list repeats its key.
    """
    return _with_query(reverse(view_name, args=args), params)


def _with_query(path, params) -> str:
    """``path`` with ``params`` added after what it may already ask."""
    pairs = [(key, text) for key, value in params.items() for text in _texts(value)]
    if not pairs:
        return path
    return f"{path}{'&' if '?' in path else '?'}{urlencode(pairs)}"


def _texts(value) -> list[str]:
    """One parameter's values as they stand in an address; [] where there is none."""
    if value is None or value == "":
        return []
    if value is True:
        return ["1"]
    if isinstance(value, date):
        return [value.isoformat()]
    if isinstance(value, Iterable) and not isinstance(value, str):
        return [text for item in value for text in _texts(item)]
    return [str(value)]


def frame_params(context) -> dict:
    """The year and day that every link carries on: ``ngay`` unless today, ``nam`` once chosen.

    {} where the page has no frame (log-in, errors).
    """
    frame = context.get("frame")
    if not frame:
        return {}
    params = {}
    request = context.get("request")
    if (request is not None and "nam" in request.GET) or frame.year != frame.day.year:
        params["nam"] = frame.year
    if not frame.is_today:
        params["ngay"] = frame.day
    return params


@register.simple_tag(takes_context=True)
def link(context, view_name, *args, **params):
    """``{% link 'projects:project_list' nguon='KCQG' %}``: an address that keeps the frame's year and day.

    A parameter given here wins over the frame's; ``nam=None`` drops it.
    """
    return build_url(view_name, *args, **{**frame_params(context), **params})


@register.simple_tag(takes_context=True)
def frame_inputs(context):
    """The frame's year and day as hidden inputs, for a GET form that leads to another page."""
    return _hidden(frame_params(context).items())


@register.simple_tag(takes_context=True)
def keep_query(context, *without):
    """Every parameter of the present address but ``without``, as hidden inputs for a GET form to itself.

    ``without`` holds names and forms; a form stands for the names of its fields.
    """
    query = context["request"].GET
    left_out = {name for item in without for name in _names(item)}
    return _hidden((key, value) for key in query if key not in left_out for value in query.getlist(key))


def _names(item) -> list[str]:
    """The parameters that a name or a form of ``keep_query`` stands for."""
    return [item] if isinstance(item, str) else [field.html_name for field in item]


def _hidden(pairs):
    rows = ((key, text) for key, value in pairs for text in _texts(value))
    return format_html_join("", '<input type="hidden" name="{}" value="{}">', rows)


@register.simple_tag(takes_context=True)
def unfiltered_url(context):
    """The present list without its filters; "" where none is set, so that the page offers nothing to clear."""
    request = context["request"]
    if not any(value for key, value in request.GET.items() if key not in SHOWN_HOW):
        return ""
    kept = {key: request.GET.getlist(key) for key in request.GET if key in SHOWN_HOW - {"trang"}}
    return _with_query(request.path, kept)


@register.simple_tag
def fig(text, url=None, count=None, vnd=None, label=None):
    """A figure that opens what it counts: ``{% fig n|million url count=3 vnd=n %}``.

    ``count`` and ``vnd`` are what the list behind ``url`` must show; ``label`` says in words what the figure is.
    Unknown (None or "") prints nothing; without ``url`` the bare text.
    """
    if text is None or text == "":
        return ""
    if not url:
        return text
    facts = {"data-count": count, "data-vnd": vnd, "aria-label": label}
    attributes = {"class": "fig", "href": url}
    attributes.update({key: str(value) for key, value in facts.items() if value is not None})
    return format_html("<a{}>{}</a>", flatatt(attributes), text)


@register.simple_tag(takes_context=True)
def sort_head(context, key, text, css=""):
    """A heading that sorts its list by ``key`` (parameter ``sap``, "-" before it for descending).

    The order in force is the address's ``sap``, else ``sort`` of the page's context.
    """
    query = context["request"].GET.copy()
    current = query.pop("sap", [context.get("sort", "")])[-1]
    query.pop("trang", None)
    query["sap"] = f"-{key}" if current == key else key
    order = {key: "ascending", f"-{key}": "descending"}.get(current)
    attributes = {"scope": "col"}
    if css:
        attributes["class"] = css
    if order:
        attributes["aria-sort"] = order
    return format_html('<th{}><a href="?{}">{}</a></th>', flatatt(attributes), query.urlencode(), text)


@register.simple_tag
def page_numbers(page):
    """The page numbers worth a link: first, last, and those around ``page``; gaps as "…"."""
    return list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1))


@register.simple_tag
def month_ends(year):
    """The last day of each month of ``year``: the days that a Centre most often asks about."""
    return [date(year, month, calendar.monthrange(year, month)[1]) for month in range(1, 13)]


@register.filter
def initials(person):
    """Two letters for a person: of the first and the last word of the name, as in "Lãnh đạo" -> "LĐ"."""
    words = (person.get_full_name() or person.get_username()).split()
    if not words:
        return "?"
    return (words[0][0] + words[-1][0] if len(words) > 1 else words[0][:2]).upper()
