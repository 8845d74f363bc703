"""Which establishment a row names: by name or former name, and by tax code where one is given."""

from collections import defaultdict

from khuyencong.text import fold, sort_key
from projects.models import Beneficiary, BeneficiaryFormerName
from projects.workbook.facts import chunks


def tax_key(text: str) -> str:
    return fold(text).replace(" ", "")


def is_named(written: str, name: str) -> bool:
    """Whether two texts are one name: letter case, signs and the place of tone marks aside.

    A text without any diacritics stands for every name that it could be.
    """
    if sort_key(written) == sort_key(name):
        return True
    return fold(written) == fold(name) and any(text.lower() == fold(text) for text in (written, name))


class Parties:
    """Establishments that the file may name, and those it makes."""

    def __init__(self, items, changes, findings):
        self.changes, self.findings = changes, findings
        self._named: dict[str, list[tuple[str, Beneficiary]]] = defaultdict(list)
        self._taxed: dict[str, list[Beneficiary]] = defaultdict(list)
        self._load({fold(item["beneficiary"]) for item in items}, {item["tax_code"] for item in items} - {None})

    def _load(self, names, tax_codes):
        known = {}
        for some in chunks(sorted(names)):
            known |= {row.pk: row for row in Beneficiary.objects.filter(name_key__in=some)}
            former = BeneficiaryFormerName.objects.filter(name_key__in=some).select_related("beneficiary")
            for row in former:
                known.setdefault(row.beneficiary_id, row.beneficiary)
                self._named[row.name_key].append((row.name, known[row.beneficiary_id]))
        for some in chunks(sorted(tax_codes)):
            for row in Beneficiary.objects.filter(tax_code__in=some):
                known.setdefault(row.pk, row)
        for row in sorted(known.values(), key=lambda row: row.pk):
            self._named[row.name_key].append((row.name, row))
            if row.tax_code:
                self._taxed[tax_key(row.tax_code)].append(row)

    def resolve(self, items):
        """Give each item its beneficiary. Those with a tax code go first, so that the order of rows does not matter."""
        for item in sorted(items, key=lambda item: item["tax_code"] is None):
            item.beneficiary = self._find(item) or self._make(item)

    def _find(self, item):
        name, tax_code = item["beneficiary"], item["tax_code"]
        named = {row.pk or id(row): row for text, row in self._named[fold(name)] if is_named(name, text)}
        named = list(named.values())
        if tax_code is None:
            return self._only(item, "beneficiary", named)
        same = [row for row in named if tax_key(row.tax_code) == tax_key(tax_code)]
        if same:
            return same[0]
        others = self._taxed[tax_key(tax_code)]
        if others:
            self.findings.error(
                item.row,
                "tax_code",
                f"Mã số {tax_code} đã ghi cho {others[0].name}. Nếu cơ sở đã đổi tên, cần có tên mới trong hồ sơ "
                "cơ sở trước khi nhập; nếu không, hãy kiểm tra lại mã số.",
            )
            item.row.unreadable.add("tax_code")
            return others[0]
        found = self._only(item, "beneficiary", [row for row in named if not row.tax_code])
        if found:
            self.changes.update(found, tax_code=tax_code)
            self._taxed[tax_key(tax_code)].append(found)
        return found

    def _only(self, item, key, rows):
        if len(rows) > 1:
            listed = "; ".join(f"{row.name} ({row.tax_code or 'chưa có mã số'})" for row in rows)
            self.findings.error(item.row, key, f"Có {len(rows)} cơ sở cùng tên: {listed}. Hãy ghi thêm mã số.")
            item.row.unreadable.add(key)
        return rows[0] if rows else None

    def _make(self, item):
        name, tax_code = item["beneficiary"], item["tax_code"] or ""
        row = self.changes.create(Beneficiary(name=name, tax_code=tax_code))
        row.set_keys()
        self._named[row.name_key].append((name, row))
        if tax_code:
            self._taxed[tax_key(tax_code)].append(row)
        return row
