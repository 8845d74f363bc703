"""What a management command says of a fault: one line, whoever is to blame."""

import io

import pytest
from django.db import IntegrityError, InterfaceError, OperationalError, ProgrammingError

from khuyencong.commands import OfficeCommand, plan_year
from khuyencong.dates import month_span, parse_iso


def run(task, *arguments):
    """(exit code, standard error) of a command that does ``task``."""
    command = OfficeCommand(stderr=io.StringIO(), no_color=True)
    command.handle = lambda **options: task()
    command.requires_system_checks = []
    try:
        command.run_from_argv(["manage.py", "thu", *arguments])
    except SystemExit as leaving:
        return leaving.code, command.stderr._out.getvalue()
    return 0, command.stderr._out.getvalue()


def raiser(error):
    def task():
        raise error

    return task


@pytest.mark.parametrize("task", [lambda: plan_year("20x9"), lambda: parse_iso("31/5"), lambda: month_span("5")])
def test_what_was_typed_wrong_is_one_sentence(task):
    code, told = run(task)
    assert code == 1 and "ví dụ" in told and len(told.splitlines()) == 1


@pytest.mark.parametrize("kind", [OperationalError, ProgrammingError, InterfaceError])
def test_a_database_out_of_reach_or_without_tables_is_one_sentence_without_sql(kind):
    code, told = run(raiser(kind("SELECT secret")))
    assert code == 1 and "Không đọc được cơ sở dữ liệu" in told and "SELECT" not in told


@pytest.mark.parametrize("error", [ValueError("not enough values to unpack"), IntegrityError("UNIQUE failed")])
def test_a_fault_of_the_program_is_one_line_that_blames_nobody(error):
    code, told = run(raiser(error))
    assert code == 1 and type(error).__name__ in told and len(told.splitlines()) == 1
    assert str(error) not in told


def test_a_fault_of_the_program_shows_itself_when_asked():
    with pytest.raises(IntegrityError):
        run(raiser(IntegrityError("UNIQUE failed")), "--traceback")
