"""Template filters for money, percents and days; built into every template."""

from django import template

from khuyencong.dates import format_day
from khuyencong.money import format_million, format_percent, format_vnd

register = template.Library()


@register.filter
def vnd(amount_vnd):
    """ "2.595.000.000"; nothing for None (not known) and for a variable that is not there."""
    return "" if amount_vnd == "" else format_vnd(amount_vnd)


@register.filter
def million(amount_vnd):
    """The amount in triệu đồng, exact: "262,5"; nothing for None."""
    return "" if amount_vnd == "" else format_million(amount_vnd)


@register.filter
def percent_vi(value):
    """ "70,00", without the sign %; nothing for None."""
    return "" if value == "" else format_percent(value)


@register.filter
def day(value):
    """ "31/05/2019"; nothing for None."""
    return "" if value == "" else format_day(value)
