"""Pages over 300 đề án of one plan year, each compared with a page of the same frame that shows no figure."""

from datetime import date

from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from accounts.models import Role
from bench.data import fill_year
from bench.measure import counted_queries, median_s
from bench.ratio import Count, Floor, Ratio
from projects.models import Project

DATABASES = ("SQLite", "PostgreSQL")
YEAR, PROJECTS = 2019, 300
ON = f"nam={YEAR}&ngay={date(YEAR, 10, 31)}"
FLOOR = Floor("trang đổi mật khẩu", 0.006)


def pages():
    """(name, address, limit in seconds, of queries, of kB); None: no limit is stated."""
    project = Project.objects.order_by("code")[PROJECTS // 2]
    yield "tổng quan", f"/?{ON}", 0.15, 20, None
    yield "danh sách đề án", f"{reverse('projects:project_list')}?{ON}", 0.1, None, 100
    yield "tìm “che go”", f"{reverse('projects:project_list')}?{ON}&q=che+go", 0.1, None, 100
    yield "đề án chậm tiến độ", f"{reverse('projects:project_list')}?{ON}&tre=1", 0.1, None, 100
    yield "danh sách hợp đồng", f"{reverse('projects:contract_list')}?{ON}", 0.1, None, 100
    yield "một đề án", f"{reverse('projects:project_detail', args=[project.pk])}?{ON}", None, None, None
    yield "một số liệu (đã giải ngân)", f"{reverse('reports:figure', args=['disbursed_vnd'])}?{ON}", None, None, None
    yield (
        "xem trước báo cáo tháng 10",
        f"{reverse('reports:monthly', args=[date(YEAR, 10, 1)])}?nam={YEAR}",
        None,
        None,
        None,
    )


def run(database):
    fill_year(YEAR, PROJECTS)
    client = Client(SERVER_NAME="127.0.0.1")
    user = get_user_model().objects.create(username="do-toc-do", role=Role.STAFF)
    client.force_login(user, settings.AUTHENTICATION_BACKENDS[-1])
    for name, address, limit_s, queries, kilobytes in pages():
        with counted_queries() as seen:
            html = opened(client, address)
        counts = Count(len(seen), "truy vấn", queries), Count(round(len(html) / 1000), "kB", kilobytes)
        page_s, floor_s = median_s(
            lambda address=address: opened(client, address), lambda: opened(client, reverse("accounts:password_change"))
        )
        yield Ratio(f"{database}, {PROJECTS} đề án, trang {name}", page_s, FLOOR, floor_s, limit_s, counts)


def opened(client, address):
    answer = client.get(address)
    if answer.status_code != 200:
        raise RuntimeError(f"{address}: {answer.status_code}")
    return answer.content
