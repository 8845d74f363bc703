"""What can be done with a đề án now, by whom; what cannot stays, with its reason and the way out. No query."""

from dataclasses import dataclass
from functools import cached_property

from accounts.permissions import Action, can, who_can
from khuyencong.dates import format_day, local_today
from khuyencong.frame_tags import build_url
from projects.barring import bar_of, closed, unapproved
from projects.books import NET_PAID
from projects.codes import PROPOSED_HEAD
from projects.models import Project, ProjectDecision, Step
from projects.pages.facts import ProjectFacts
from projects.pages.project import vnd_of
from projects.stages import LineStage, Stage

Kind = ProjectDecision.Kind
BEFORE_APPROVAL = (Stage.REGISTERED, Stage.APPRAISED, Stage.RETURNED)
UNSIGNED = (LineStage.REGISTERED, LineStage.APPROVED)
CLOSED = (Stage.STOPPED, Stage.REJECTED)


@dataclass(frozen=True)
class Deed:
    """Something that can be done at ``url``; ``why`` says why not now, ``way_out`` leads to what is missing."""

    name: str
    url: str
    why: str = ""
    way_out: str = ""
    way_words: str = "Xem"

    @property
    def is_possible(self):
        return not self.why


@dataclass(frozen=True)
class Deeds:
    """``main``: the next step, None at the end; ``after``: the one that follows; ``menu``: (heading, deeds) of all."""

    main: Deed | None
    after: Deed | None
    edits: list
    menu: list
    by_line: dict

    @property
    def whys(self):
        """The deeds of the head that cannot be done now, each reason once."""
        barred = [deed for deed in (self.main, self.after) if deed and deed.why]
        return list({deed.why: deed for deed in barred}.values())


def deeds_of(facts: ProjectFacts, user, back: str) -> Deeds:
    """``back``: the page to return to after each deed."""
    return Chooser(facts, user, back).deeds()


class Chooser:
    """The lines in their order, and what each waits for."""

    def __init__(self, facts, user, back):
        self.facts, self.user, self.back = facts, user, back
        self.project = facts.project
        self.standing = facts.standing
        self.stage = facts.standing.stage
        self.active = [line for line in facts.lines if line.is_active]
        # Until it is accepted a proposal is answered on a page of its own.
        was_proposed = any(step.kind == Kind.PROPOSED for step in facts.decisions)
        self.is_proposal = was_proposed and facts.project.code.startswith(PROPOSED_HEAD)

    def deeds(self):
        steps = self.paying_steps() or self.ladder()
        return Deeds(
            main=steps[0] if steps else None,
            after=steps[1] if len(steps) > 1 else None,
            edits=self.edits(),
            menu=[*self.decisions(), *self.papers(), *self.work()],
            by_line={line.pk: self.of_line(line) for line in self.active},
        )

    def edits(self):
        """What stands in the head whatever comes next."""
        found = [
            self.deed("Sửa", "projects:project_edit", self.project.pk),
            self.deed("Sao chép", "projects:project_new", tu=self.project.pk),
        ]
        # Looked for when something has gone wrong, by people who do it once a year: not only in the menu.
        can_stop = (
            self.standing.project.has_approval and not closed(self.standing) and len(self.settled) < len(self.active)
        )
        return [*found, self.decide("Ngừng", "ngung")] if can_stop else found

    def deed(self, name, view_name, *args, action=Action.ENTER_FACTS, why="", way_out="", way_words="Xem", **params):
        """The first of what stands in the way: the past day, the role, the facts (``why``)."""
        url = build_url(view_name, *args, ve=self.back, **params)
        if self.facts.day < local_today():
            why = f"Đang xem số liệu ngày {format_day(self.facts.day)}; nhập và sửa từ trang của hôm nay"
            way_out, way_words = self.project.get_absolute_url(), "Về hôm nay"
        elif self.is_proposal and action is not Action.ACCEPT_PROPOSALS:
            why, way_words = "Đề xuất chưa được tiếp nhận", "Xem đề xuất"
            way_out = build_url("projects:proposal_detail", self.project.pk)
        elif not can(self.user, action):
            why, way_out = f"{name}: việc của {' hoặc '.join(who_can(action)).lower()}", ""
        return Deed(name, url, why, way_out, way_words)

    def decide(self, name, kind, **more):
        """A decision of the ``kind``; ``why`` in ``more`` is what its lines say, after what the đề án does."""
        more |= self.barred(bar_of(kind, self.standing))
        return self.deed(name, "projects:decision_new", self.project.pk, kind, **more)

    # --- what the ladder asks for next ------------------------------------------------------------

    def ladder(self):
        """The next steps in order, the first of them the present one."""
        if self.is_proposal:
            accepting = {"action": Action.ACCEPT_PROPOSALS}
            return [self.deed("Tiếp nhận", "projects:proposal_accept", self.project.pk, **accepting)]
        if self.stage in CLOSED:
            return self.after_a_stop() if self.stage == Stage.STOPPED else []
        if self.stage in BEFORE_APPROVAL and not self.standing.project.has_approval:
            return [self.decide("Phê duyệt", "phe-duyet"), self.signing()]
        naming = [self.naming()] if self.to_name else []
        signing = [self.signing()] if self.unsigned else []
        accepting = [self.accepting()] if self.unaccepted else []
        settling = [self.settling()] if len(self.settled) < len(self.active) else []
        return [*naming, *signing, *accepting, *settling]

    def paying_steps(self):
        """The ladder of whoever only pays and settles; [] while nothing waits for that."""
        if can(self.user, Action.ENTER_FACTS) or not can(self.user, Action.PAY):
            return []
        line = next((line for line in self.active if self.left_of(line)), None)
        paying = [self.deed("Chi", "projects:payment_new", line.pk, action=Action.PAY)] if line else []
        settling = [self.settling()] if len(self.settled) < len(self.active) else []
        recovering = [self.recovering()] if self.stage == Stage.STOPPED else []
        steps = [*recovering, *(settling + paying if self.to_settle else paying + settling)]
        return steps if any(deed.is_possible for deed in steps) else []

    def after_a_stop(self):
        """Money that is still out comes back before anything goes on."""
        owes = any(self.paid_of(line) > self.accepted_of(line) for line in self.facts.lines)
        return [*([self.recovering()] if owes else []), self.resumption()]

    def recovering(self):
        paid = next((line for line in self.facts.lines if self.paid_of(line) > 0), None)
        bar = {} if paid else {"why": "Chưa chi khoản nào", "way_out": "#co-so", "way_words": "Xem các cơ sở"}
        return self.deed("Thu hồi", "projects:recovery_new", (paid or self.any_line).pk, action=Action.PAY, **bar)

    def resumption(self):
        return self.decide("Cho làm tiếp", "tiep-tuc")

    def naming(self):
        line = next(iter(self.unnamed), None)
        why = "Hoạt động, nhiệm vụ không gắn cơ sở" if self.project.is_task else "Mọi dòng đã có cơ sở"
        bar = {} if line else {"why": why, "way_out": "#co-so", "way_words": "Xem các cơ sở"}
        return self.decide("Gắn cơ sở", "gan-co-so", **bar, dong=line.pk if line else None)

    def signing(self):
        line = next(iter(self.unsigned), None)
        bar = self.barred(closed(self.standing) or unapproved(self.standing))
        if not bar and line is None:
            why = "không còn cơ sở nào chờ ký"
            if self.to_name:
                why = "Chưa ký được hợp đồng: nhóm chưa có tên cơ sở"
                bar = {"why": why, "way_out": self.way("gan-co-so"), "way_words": "Gắn cơ sở"}
            else:
                bar = {"why": f"Chưa ký được hợp đồng: {why}", "way_out": "#co-so", "way_words": "Xem các hợp đồng"}
        elif bar:
            bar = {**bar, "why": f"Chưa ký được hợp đồng: {bar['why'][0].lower()}{bar['why'][1:]}"}
        return self.deed("Ký hợp đồng", "projects:contract_new", **bar, dong=line.pk if line else None)

    def accepting(self):
        line = next(iter(self.to_accept), None)
        bar = {}
        if line is None:
            waiting = len(self.unsigned) + len(self.to_name)
            why = f"Chưa nghiệm thu được: còn {waiting} cơ sở chưa ký hợp đồng"
            why = why if waiting else "Không còn dòng nào chờ nghiệm thu"
            bar = {"why": why, "way_out": "#co-so", "way_words": "Xem các cơ sở"}
        return self.deed("Nghiệm thu", "projects:acceptance_new", (line or self.any_line).pk, **bar)

    def settling(self):
        line = next(iter(self.to_settle), None)
        waiting = len(self.active) - len(self.accepted) - len(self.settled)
        why = ""
        if line is None:
            why = f"Chưa quyết toán được: còn {waiting} dòng chưa nghiệm thu" if waiting else "Mọi dòng đã quyết toán"
        pk = (line or self.any_line).pk
        deed = {"action": Action.SETTLE, "why": why, "way_out": why and "#moc", "way_words": "Xem các mốc còn lại"}
        return self.deed("Quyết toán", "projects:settlement_new", pk, **deed)

    # --- the rest ---------------------------------------------------------------------------------

    def decisions(self):
        one = self.active[0].pk if len(self.active) == 1 else None
        found = [
            self.decide("Đăng ký", "dang-ky"),
            # Also entered late: on the day it was.
            self.decide("Thẩm định cấp cơ sở", "tham-dinh-co-so"),
            self.decide("Thẩm định cấp Bộ", "tham-dinh-bo"),
            self.decide("Yêu cầu bổ sung hồ sơ", "bo-sung"),
            self.decide("Không phê duyệt", "khong-phe-duyet"),
            self.decide("Phê duyệt", "phe-duyet"),
            self.decide("Điều chỉnh kinh phí, quy mô", "dieu-chinh"),
            self.decide("Gia hạn", "gia-han"),
            self.naming(),
            self.decide("Thay cơ sở", "thay-co-so", dong=one),
            self.decide("Đổi nội dung, địa bàn", "doi-noi-dung", dong=one),
            self.decide("Đổi nguồn kinh phí", "doi-nguon", dong=one),
            self.decide("Chuyển sang năm khác", "chuyen-nam"),
            self.decide("Ngừng triển khai", "ngung"),
            self.resumption(),
        ]
        return [("Quyết định", found)]

    def barred(self, bar):
        """What stands in the way, and the decision that would clear it; {} for nothing."""
        return {"why": bar.why, "way_out": self.way(bar.way), "way_words": bar.words} if bar else {}

    def way(self, kind):
        """To the decision, for whoever may enter it."""
        is_open = kind and can(self.user, Action.ENTER_FACTS)
        return build_url("projects:decision_new", self.project.pk, kind, ve=self.back) if is_open else ""

    def papers(self):
        line = next((line for line in self.active if self.left_of(line)), None)
        nothing = {} if line else {"why": "Không còn tiền đã ký mà chưa chi", "way_out": "#co-so"}
        fallback = self.any_line
        if fallback is None:
            return []
        money = {"action": Action.PAY}
        pay = (line or fallback).pk
        return [
            (
                "Hợp đồng và tiền",
                [
                    self.signing(),
                    self.accepting(),
                    self.deed("Tạm ứng", "projects:payment_new", pay, loai="tam-ung", **nothing, **money),
                    self.deed("Thanh toán", "projects:payment_new", pay, loai="thanh-toan", **nothing, **money),
                    self.recovering(),
                    self.deed("Kế hoạch hoàn trả", "projects:instalment_new", pay, **money),
                    self.settling(),
                ],
            )
        ]

    def work(self):
        return [
            (
                "Theo dõi",
                [
                    self.deed("Mốc tiến độ", "projects:milestone_new", self.project.pk),
                    self.deed("Khó khăn, vướng mắc", "projects:difficulty_new", self.project.pk),
                    self.deed("Chuyến kiểm tra", "projects:visit_new", self.project.pk),
                ],
            )
        ]

    def of_line(self, line):
        """The next deeds of one line that this person may do now."""
        found = []
        if line in self.to_name and self.standing.project.has_approval:
            found.append(self.decide("Gắn cơ sở", "gan-co-so", dong=line.pk))
        if line in self.unsigned and self.standing.project.has_approval:
            found.append(self.deed("Ký hợp đồng", "projects:contract_new", dong=line.pk))
        if line in self.to_accept:
            found.append(self.deed("Nghiệm thu", "projects:acceptance_new", line.pk))
        if self.left_of(line):
            found.append(self.deed("Chi", "projects:payment_new", line.pk, action=Action.PAY))
        if line in self.to_settle:
            found.append(self.deed("Quyết toán", "projects:settlement_new", line.pk, action=Action.SETTLE))
        return [deed for deed in found if deed.is_possible]

    # --- the lines --------------------------------------------------------------------------------

    @cached_property
    def any_line(self):
        return next(iter([*self.active, *self.facts.lines]), None)

    @cached_property
    def unnamed(self):
        """Those to which a beneficiary may be named: not what is done for nobody in particular."""
        is_task = self.project.is_task
        return [line for line in self.active if not line.beneficiary_id and not line.is_signed and not is_task]

    @cached_property
    def to_name(self):
        """Those of a group that must be named before anything is signed."""
        return self.unnamed if self.project.kind == Project.Kind.GROUP else []

    @cached_property
    def unsigned(self):
        waiting = [line for line in self.active if line.has_contract and line.stage in UNSIGNED]
        return [line for line in waiting if line not in self.to_name]

    @cached_property
    def accepted(self):
        return [line for line in self.active if line.stage == LineStage.ACCEPTED]

    @cached_property
    def settled(self):
        return [line for line in self.active if line.stage == LineStage.SETTLED]

    @cached_property
    def unaccepted(self):
        return [line for line in self.active if line not in self.accepted and line not in self.settled]

    @cached_property
    def to_accept(self):
        return [line for line in self.unaccepted if line not in self.unsigned and line not in self.to_name]

    @property
    def to_settle(self):
        return self.accepted

    def paid_of(self, line):
        return vnd_of(self.facts.by_line.get(line.pk, []), NET_PAID) or 0

    def accepted_of(self, line):
        return vnd_of(self.facts.by_line.get(line.pk, []), {Step.ACCEPTED: 1}) or 0

    def left_of(self, line):
        """Signed (or approved, without contract) and not paid, in đồng; 0 while not known."""
        entries = self.facts.by_line.get(line.pk, [])
        promised = vnd_of(entries, {Step.CONTRACTED if line.has_contract else Step.APPROVED: 1})
        return max(0, (promised or 0) - self.paid_of(line)) if line.is_signed or not line.has_contract else 0
