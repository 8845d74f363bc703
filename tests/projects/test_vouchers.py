"""Numbers of vouchers are searched by a stored key, whoever wrote them."""

import pytest

from projects.filters import search_entries
from projects.models import LedgerEntry, Payment
from tests.factories import MILLION, advance, make_signed_line, pay
from tests.projects.workbooks import import_rows, row

pytestmark = pytest.mark.django_db


def found(text):
    return [entry.payment.voucher for entry in search_entries(LedgerEntry.objects.exclude(payment=None), text)]


def test_a_voucher_is_found_without_diacritics():
    line = make_signed_line()
    advance(line, MILLION, voucher="UNC Đợt 1")
    pay(line, MILLION, voucher="UNC 2")
    assert found("unc dot") == ["UNC Đợt 1"]


def test_a_search_reads_no_list_of_vouchers(django_assert_num_queries):
    advance(make_signed_line(), MILLION, voucher="UNC 1")
    with django_assert_num_queries(1):
        assert len(search_entries(LedgerEntry.objects.all(), "unc 1")) == 1


def test_a_mended_voucher_is_found_by_its_new_number():
    payment = advance(make_signed_line(), MILLION, voucher="UNC 1")
    payment.voucher = "Giấy rút dự toán 5"
    payment.save()
    assert found("rut du toan") == ["Giấy rút dự toán 5"] and found("unc 1") == []


def test_a_payment_redated_by_an_import_keeps_its_key(tmp_path):
    cells = {"Cơ sở thụ hưởng": "HTX A", "Kinh phí hỗ trợ": 100, "Số hợp đồng": "01/HĐ"}
    cells |= {"Ngày ký hợp đồng": "15/03/2019", "Đã tạm ứng": 10, "Ngày tạm ứng": "20/04/2019"}
    assert import_rows(tmp_path, [row() | cells]).errors == []
    payment = Payment.objects.get()
    Payment.objects.filter(pk=payment.pk).update(voucher="UNC Đợt 1")
    assert import_rows(tmp_path, [row() | cells | {"Ngày tạm ứng": "21/04/2019"}]).errors == []
    payment.refresh_from_db()
    assert (str(payment.paid_on), payment.voucher_key) == ("2019-04-21", "unc dot 1")
