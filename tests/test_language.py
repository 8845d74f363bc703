"""What people read is Vietnamese, also where it comes from Django and its packages."""

import gettext
import inspect
import re
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.contrib.auth import password_validation
from django.core import validators
from django.db.models import fields
from django.utils import translation

LOCALE = Path(settings.BASE_DIR) / "locale/vi/LC_MESSAGES"
ID = re.compile(r'^msgid "(.+)"$', re.MULTILINE)


def messages_of(module):
    """Lazy messages that the classes of ``module`` show to people, with the class they come from."""
    for name, kind in inspect.getmembers(module, inspect.isclass):
        for text in getattr(kind, "default_error_messages", {}).values():
            yield name, text
        yield name, getattr(kind, "message", "")
        yield name, getattr(kind, "description", "")


@pytest.mark.parametrize("module", [forms.fields, forms.models, forms.formsets, fields, validators])
def test_nothing_that_django_says_of_a_value_is_left_in_english(module):
    left = set()
    for name, text in messages_of(module):
        if not isinstance(text, property) and str(text):
            vietnamese = str(text)
            with translation.override("en"):
                english = str(text)
            if vietnamese == english and re.search(r"[a-z]{3}", english.replace("%(", "")):
                left.add((name, english))
    assert {english for _, english in left} <= {"IPv4", "IPv6", "URL", "Text"}, left


def test_the_password_rules_are_told_in_vietnamese():
    for validator in password_validation.get_default_password_validators():
        assert not re.search(r"\b(password|your|must)\b", str(validator.get_help_text()).lower())


@pytest.mark.parametrize("name", ["django", "djangojs"])
def test_the_compiled_catalogue_is_that_of_its_source(name):
    """A machine without gettext takes the compiled file as it is: msgfmt -o django.mo django.po."""
    with (LOCALE / f"{name}.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)._catalog
    known = {key[0] if isinstance(key, tuple) else key for key in compiled}
    source = {text.replace('\\"', '"') for text in ID.findall((LOCALE / f"{name}.po").read_text())}
    assert source == {text.split("\x04")[-1] for text in known if text}
