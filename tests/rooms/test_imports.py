"""Imports of organisations and programmes from upload to index: what is told, what is written, what is not."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.files.storage import default_storage
from django.db import connection, transaction

from shuangcheng.core.outcome import Refused, Why
from shuangcheng.core.table import unpack, unpack_flaw
from shuangcheng.desk import search
from shuangcheng.desk.importing import actions, keeping
from shuangcheng.desk.importing.registry import tables
from shuangcheng.desk.models import Import, ImportState
from shuangcheng.directory.actions import organisations
from shuangcheng.directory.actor import Actor, public
from shuangcheng.directory.inputs import RenameInput
from shuangcheng.directory.models import AuditLine, Organisation, Programme
from tests.core.table_samples import book
from tests.world import AT, SYSTEM, World

HEAD = ("机构名称", "机构类型", "所在区划", "学校标识码", "统一社会信用代码", "曾用名", "备注")
GOOD = ("示例区第一小学", "中小学校", "500103", "2150000001", "", "示例区小学", "")
CREDIT = "91500103MA5U00003N"


def uploaded(
    rows: Sequence[Sequence[object]], *, by: Actor, table: str = "organisation", head: tuple[str, ...] = HEAD
) -> Import:
    """An import of these rows, checked."""
    item = actions.upload(table=table, name="名单.xlsx", data=book([head, *rows]), by=by, at=AT)
    actions.check(import_id=item.id, at=AT)
    item.refresh_from_db()
    return item


def written(item: Import, *, by: Actor, valid_only: bool = False) -> Import:
    """The import confirmed and written."""
    actions.confirm(item=item, valid_only=valid_only, by=by, at=AT)
    actions.write(import_id=item.id, at=AT)
    item.refresh_from_db()
    return item


def counts(item: Import) -> tuple[int, int, int, int]:
    return item.new, item.changed, item.same, item.wrong


def errors(item: Import) -> list[tuple[int, str, str]]:
    """Row, column and sentence of each error."""
    flaws = [(number, unpack_flaw(flaw)) for number, *flaw in item.errors]
    return [(number, flaw.column, str(flaw.message)) for number, flaw in flaws]


def reasons(item: Import) -> str:
    return "".join(str(unpack(note)) for note in item.notes)


def jobs() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name FROM procrastinate_jobs ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


def test_new_organisations(world: World) -> None:
    by = world.cq_officer.actor
    rows = [GOOD, ("示例区图书馆", "博物馆和图书馆", "重庆市/荣昌区", "", "", "", "在建")]
    item = uploaded(rows, by=by)
    assert (item.state, counts(item), item.errors, item.rows) == (ImportState.CHECKED, (2, 0, 0, 0), [], 2)
    assert item.sample[0]["cells"][:4] == ["示例区第一小学", "中小学校", "渝中区（500103）", "2150000001"]
    assert not Organisation.objects.filter(name="示例区第一小学").exists()

    item = written(item, by=by)
    assert (item.state, item.progress) == (ImportState.DONE, 100)
    school = Organisation.objects.get(code="2150000001")
    assert (school.name, school.type, school.side, school.version) == ("示例区第一小学", "school", "cq", 1)
    assert school.pinyin == "shili qu diyi xiaoxue"
    assert "名单.xlsx" in school.source
    assert [name.name for name in school.names.all()] == ["示例区小学"]
    library = Organisation.objects.get(name="示例区图书馆")
    assert (library.division, library.status, library.remark) == (world.divisions["荣昌区"], "active", "在建")
    for words in ("示例区第一小学", "slqdyxx", "2150000001", "示例区小学"):
        found = search.find(words, actor=public(door="web"))
        assert school.id in {entry.id for entry in found.entries}, words


def test_one_audit_line_names_actor_file_and_digest(world: World) -> None:
    item = written(uploaded([GOOD], by=world.cq_officer.actor), by=world.cq_officer.actor)
    lines = list(AuditLine.objects.filter(subject_id=str(item.id)).order_by("id"))
    assert [line.verb for line in lines] == ["import.upload", "import.confirm", "import.write"]
    assert {line.actor_name for line in lines} == {"余小安"}
    assert item.sha256 in lines[-1].note
    assert lines[-1].changes["new"] == [0, 1]
    school = Organisation.objects.get(code="2150000001")
    assert not AuditLine.objects.filter(subject_id=str(school.id)).exists()


def test_same_changed_and_kept_values(world: World) -> None:
    by = world.cq_officer.actor
    same = ("重庆大学", "本科高校", "500106", "4150010611", "", "", "")
    changed = ("西南大学", "本科高校", "500109", "4150010635", "", "西南农业大学", "两校合并组建")
    item = uploaded([same, changed], by=by)
    assert counts(item) == (0, 1, 1, 0)
    (sample,) = [row for row in item.sample if row["state"] == "changed"]
    assert sample["cells"][-1] == "两校合并组建"
    assert sample["before"][-1] == ""
    version = world.swu.version
    written(item, by=by)
    swu = Organisation.objects.get(pk=world.swu.pk)
    assert (swu.remark, swu.version, swu.updated_at) == ("两校合并组建", version + 1, AT)
    assert {name.name for name in swu.names.all()} == {"西南师范大学", "西南农业大学"}
    cqu = Organisation.objects.get(pk=world.cqu.pk)
    assert (cqu.authority, cqu.updated_at) == ("教育部", world.cqu.updated_at)
    assert search.find("西南农业大学", actor=by).entries[0].id == swu.id


def test_an_empty_cell_keeps_what_is_there(world: World) -> None:
    by = world.cq_officer.actor
    head = (*HEAD, "主管部门")
    item = uploaded([("重庆大学", "本科高校", "500106", "4150010611", "", "", "新备注", "")], by=by, head=head)
    written(item, by=by)
    cqu = Organisation.objects.get(pk=world.cqu.pk)
    assert (cqu.authority, cqu.remark) == ("教育部", "新备注")


def test_a_new_name_keeps_the_old_one(world: World) -> None:
    by = world.cq_officer.actor
    written(uploaded([("重庆示例大学", "本科高校", "500106", "4150010611", "", "", "")], by=by), by=by)
    cqu = Organisation.objects.get(pk=world.cqu.pk)
    assert cqu.name == "重庆示例大学"
    (old,) = cqu.names.all()
    assert (old.name, old.valid_until) == ("重庆大学", AT.date() - timedelta(days=1))
    for words in ("重庆大学", "重庆示例大学"):
        assert cqu.id in {entry.id for entry in search.find(words, actor=by).entries}


def test_a_former_name_does_not_come_back_by_itself(world: World) -> None:
    organisations.rename(
        organisation=world.cqu, data=RenameInput(name="重庆示例大学", since=date(2026, 1, 1)), by=SYSTEM, at=AT
    )
    item = uploaded([("重庆大学", "本科高校", "500106", "4150010611", "", "", "")], by=world.cq_officer.actor)
    ((row, column, sentence),) = errors(item)
    assert (row, column) == (2, "机构名称")
    assert "现名“重庆示例大学”" in sentence


def test_errors_name_row_column_and_remedy(world: World) -> None:
    rows = [
        GOOD,
        ("甲", "小学", "999999", "215000000", "", "", ""),
        ("示例区第二小学", "中小学校", "510107", "2151000001", "", "", ""),
        ("联盟甲乙", "联盟与共同体", "500103", "", "", "", ""),
        ("示例区第三小学", "中小学校", "500103", 125001030000000123, "", "", ""),
    ]
    item = uploaded(rows, by=world.cq_officer.actor)
    assert counts(item) == (1, 0, 0, 4)
    found = errors(item)
    assert {(row, column) for row, column, _sentence in found} == {
        (3, "机构名称"), (3, "机构类型"), (3, "学校标识码"), (3, "所在区划"), (4, "所在区划"), (5, "机构类型"),
        (6, "学校标识码"),
    }  # fmt: skip
    told = {(row, column): sentence for row, column, sentence in found}
    assert "中小学校" in told[3, "机构类型"]
    assert "10 位" in told[3, "学校标识码"]
    assert "不在您的管理范围内" in told[4, "所在区划"]
    assert "“文本”格式" in told[6, "学校标识码"]


def test_unknown_division_is_told(world: World) -> None:
    item = uploaded([("示例区第一小学", "中小学校", "不存在区", "", "", "", "")], by=world.cq_officer.actor)
    ((row, column, sentence),) = errors(item)
    assert (row, column) == (2, "所在区划")
    assert "不存在区" in sentence


def test_everything_wrong_with_a_row_is_told_at_once(world: World) -> None:
    rows = [
        ("甲", "小学", "不存在区", "215000000", "", "", ""),
        ("乙", "联盟与共同体", "500105", "", "", "", ""),
        ("示例区第一小学", "联盟与共同体", "510107", "", "", "", ""),
        ("丙", "中小学校", "500103", "", "", "", ""),
    ]
    item = uploaded(rows, by=world.cq_officer.actor)
    assert counts(item) == (0, 0, 0, 4)
    told = {(row, column): sentence for row, column, sentence in errors(item)}
    assert set(told) == {
        (2, "机构名称"), (2, "机构类型"), (2, "学校标识码"), (2, "所在区划"),
        (3, "机构名称"), (3, "机构类型"), (3, "所在区划"), (4, "机构类型"), (4, "所在区划"), (5, "机构名称"),
    }  # fmt: skip
    assert len(told) == len(errors(item)), "nothing is told twice"
    assert "没有找到“不存在区”" in told[2, "所在区划"]
    assert told[3, "所在区划"] == "“江北区”（500105）已于 2025-12-31 撤销，请改填“两江新区”（500157）。"
    assert "不在您的管理范围内" in told[4, "所在区划"]


def test_repeated_keys_are_told_on_both_rows(world: World) -> None:
    rows = [GOOD, ("示例区第二小学", *GOOD[1:]), ("无码小学", "中小学校", "500103", "", "", "", "")] * 1
    rows += [("无码小学", "中小学校", "渝中区", "", "", "", "")]
    item = uploaded(rows, by=world.cq_officer.actor)
    assert counts(item) == (0, 0, 0, 4)
    told = {(row, column): sentence for row, column, sentence in errors(item)}
    assert "第 3 行" in told[2, "学校标识码"]
    assert "第 2 行" in told[3, "学校标识码"]
    assert "第 5 行" in told[4, "机构名称"]


def test_codes_of_two_organisations_in_one_row(world: World) -> None:
    Organisation.objects.filter(pk=world.swu.pk).update(credit_code=CREDIT)
    by = world.cq_officer.actor
    item = uploaded([("重庆大学", "本科高校", "500106", "4150010611", CREDIT, "", "")], by=by)
    ((row, column, sentence),) = errors(item)
    assert (row, column) == (2, "统一社会信用代码")
    assert "已由“西南大学”使用" in sentence


def test_matched_by_credit_code_and_completed(world: World) -> None:
    Organisation.objects.filter(pk=world.enterprise.pk).update(credit_code=CREDIT)
    by = world.cq_officer.actor
    written(uploaded([("示例智造有限公司", "企业", "500153", "2150000009", CREDIT, "", "")], by=by), by=by)
    assert Organisation.objects.get(pk=world.enterprise.pk).code == "2150000009"


def test_matched_by_name_and_division(world: World) -> None:
    by = world.cq_officer.actor
    item = uploaded([("示例智造有限公司", "企业", "荣昌区", "", "", "", "")], by=by)
    assert counts(item) == (0, 0, 1, 0)


def test_same_name_with_another_code_is_another(world: World) -> None:
    item = uploaded([("重庆大学", "本科高校", "500106", "4150099999", "", "", "")], by=world.cq_officer.actor)
    assert counts(item) == (1, 0, 0, 0)


def test_other_sides_organisation_cannot_be_taken_over(world: World) -> None:
    item = uploaded([("四川大学", "本科高校", "500103", "4151010610", "", "", "")], by=world.cq_officer.actor)
    assert counts(item) == (0, 0, 0, 1)
    assert "不在您的管理范围内" in errors(item)[0][2]


def test_wrong_rows_need_a_decision(world: World) -> None:
    by = world.cq_officer.actor
    item = uploaded([GOOD, ("甲", *GOOD[1:3], "2150000002", "", "", "")], by=by)
    with pytest.raises(Refused, match="1 行有错误") as refused:
        actions.confirm(item=item, valid_only=False, by=by, at=AT)
    assert refused.value.why == Why.CONFLICT
    item = written(item, by=by, valid_only=True)
    assert (item.state, item.new, item.valid_only) == (ImportState.DONE, 1, True)
    assert Organisation.objects.filter(code="2150000001").exists()
    titles, wrong = keeping.wrong_rows(item)
    assert titles[:2] == ["机构名称", "机构类型"]
    assert [(row.number, row.cells[0]) for row in wrong] == [(3, "甲")]


def test_nothing_to_write(world: World) -> None:
    by = world.cq_officer.actor
    item = uploaded([("重庆大学", "本科高校", "500106", "4150010611", "", "", "")], by=by)
    with pytest.raises(Refused, match="没有需要写入的内容"):
        actions.confirm(item=item, valid_only=False, by=by, at=AT)


def test_confirming_twice_and_cancelling_late(world: World) -> None:
    by = world.cq_officer.actor
    item = written(uploaded([GOOD], by=by), by=by)
    for act in (
        lambda: actions.confirm(item=item, valid_only=False, by=by, at=AT),
        lambda: actions.cancel(item=item, by=by, at=AT),
    ):
        with pytest.raises(Refused, match="已完成"):
            act()


def test_jobs_run_again_do_nothing(world: World) -> None:
    by = world.cq_officer.actor
    item = written(uploaded([GOOD], by=by), by=by)
    actions.check(import_id=item.id, at=AT)
    actions.write(import_id=item.id, at=AT)
    actions.write(import_id=uuid4(), at=AT)
    assert Organisation.objects.filter(code="2150000001").count() == 1
    assert AuditLine.objects.filter(subject_id=str(item.id), verb="import.write").count() == 1


def test_cancel(world: World) -> None:
    by = world.cq_officer.actor
    item = uploaded([GOOD], by=by)
    assert keeping.there(item)
    item = actions.cancel(item=item, by=by, at=AT)
    assert item.state == ImportState.CANCELLED
    assert not keeping.there(item)
    actions.check(import_id=item.id, at=AT)
    item.refresh_from_db()
    assert item.state == ImportState.CANCELLED


def test_cancelled_while_being_checked(world: World) -> None:
    item = actions.upload(
        table="organisation", name="a.xlsx", data=book([HEAD, GOOD]), by=world.cq_officer.actor, at=AT
    )
    Import.objects.filter(pk=item.pk).update(state=ImportState.CANCELLED)
    actions.check(import_id=item.id, at=AT)
    item.refresh_from_db()
    assert item.state == ImportState.CANCELLED


def test_what_was_right_has_become_wrong(world: World) -> None:
    by = world.cq_officer.actor
    item = uploaded([GOOD, ("示例区第二小学", "中小学校", "500103", "", CREDIT, "", "")], by=by)
    Organisation.objects.filter(pk=world.scu.pk).update(code="2150000001")
    item = written(item, by=by)
    assert item.state == ImportState.UPLOADED
    assert not Organisation.objects.filter(name="示例区第二小学").exists()
    assert "重新检查" in reasons(item)
    actions.check(import_id=item.id, at=AT)
    item.refresh_from_db()
    assert (item.state, counts(item)) == (ImportState.CHECKED, (1, 0, 0, 1))
    assert "重新检查" in reasons(item)


def test_lost_check_is_made_again(world: World) -> None:
    by = world.cq_officer.actor
    item = uploaded([GOOD], by=by)
    keeping.drop(item)
    assert written(item, by=by).state == ImportState.UPLOADED


def test_altered_file_is_not_used(world: World) -> None:
    item = actions.upload(
        table="organisation", name="a.xlsx", data=book([HEAD, GOOD]), by=world.cq_officer.actor, at=AT
    )
    with default_storage.open(item.file.name, "wb") as file:
        file.write(b"PK\x03\x04")
    actions.check(import_id=item.id, at=AT)
    item.refresh_from_db()
    assert item.state == ImportState.UNREADABLE
    assert "与上传时不一致" in reasons(item)


def test_unreadable_file_says_why(world: World) -> None:
    item = uploaded([GOOD], by=world.cq_officer.actor, head=("名字", "类型", "区划", "码", "码2", "旧名", "注"))
    assert item.state == ImportState.UNREADABLE
    assert "没有找到表头" in reasons(item)


def test_rights(world: World) -> None:
    for someone in (world.cqu_admin, world.learner, world.node_admin):
        with pytest.raises(Refused) as refused:
            uploaded([GOOD], by=someone.actor)
        assert refused.value.why == Why.FORBIDDEN
    with pytest.raises(Refused) as refused:
        uploaded([GOOD], by=world.anyone)
    assert refused.value.why == Why.SIGN_IN
    assert not Import.objects.exists()


def test_rights_lost_before_writing(world: World) -> None:
    by = world.cq_officer.actor
    item = uploaded([GOOD], by=by)
    actions.confirm(item=item, valid_only=False, by=by, at=AT)
    world.cq_officer.account.person.grants.all().delete()
    actions.write(import_id=item.id, at=AT)
    item.refresh_from_db()
    assert item.state == ImportState.FAILED
    assert "没有办理这项业务的权限" in reasons(item)
    assert not Organisation.objects.filter(code="2150000001").exists()


def test_refused_at_the_door(world: World) -> None:
    by = world.cq_officer.actor
    for name, data, sentence in (
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "旧版"),
        ("a.docx", book([HEAD]), "内容却是"),
        ("a.txt", "文字".encode(), "不是表格"),
        ("a.xlsx", b"", "空文件"),
    ):
        with pytest.raises(Refused, match=sentence):
            actions.upload(table="organisation", name=name, data=data, by=by, at=AT)
    with pytest.raises(Refused, match="没有“nothing”"):
        actions.upload(table="nothing", name="a.xlsx", data=book([HEAD]), by=by, at=AT)
    assert not Import.objects.exists()


def test_upload_and_confirm_wake_the_worker(world: World) -> None:
    by = world.cq_officer.actor
    item = uploaded([GOOD], by=by)
    assert jobs() == ["desk.check_import"]
    actions.confirm(item=item, valid_only=False, by=by, at=AT)
    assert jobs() == ["desk.check_import", "desk.write_import"]


def test_a_job_is_not_kept_when_the_upload_is_undone(world: World) -> None:
    with transaction.atomic():
        actions.upload(table="organisation", name="a.xlsx", data=book([HEAD, GOOD]), by=world.cq_officer.actor, at=AT)
        transaction.set_rollback(True)
    assert jobs() == []


def test_sweep_wakes_the_silent_and_gives_up_after_three(world: World) -> None:
    item = actions.upload(
        table="organisation", name="a.xlsx", data=book([HEAD, GOOD]), by=world.cq_officer.actor, at=AT
    )
    Import.objects.filter(pk=item.pk).update(state=ImportState.CHECKING, attempts=2)
    actions.sweep(at=AT + timedelta(minutes=4))
    assert jobs() == ["desk.check_import"]
    actions.sweep(at=AT + timedelta(minutes=6))
    assert jobs() == ["desk.check_import"] * 2
    Import.objects.filter(pk=item.pk).update(attempts=3)
    actions.check(import_id=item.id, at=AT)
    item.refresh_from_db()
    assert item.state == ImportState.UNREADABLE
    assert "三次" in reasons(item)


def test_interrupted_check_is_done_again(world: World) -> None:
    item = actions.upload(
        table="organisation", name="a.xlsx", data=book([HEAD, GOOD]), by=world.cq_officer.actor, at=AT
    )
    Import.objects.filter(pk=item.pk).update(state=ImportState.CHECKING, attempts=1, progress=40)
    actions.check(import_id=item.id, at=AT)
    item.refresh_from_db()
    assert (item.state, item.attempts, counts(item)) == (ImportState.CHECKED, 0, (1, 0, 0, 0))


def test_sweep_clears_old_files(world: World) -> None:
    by = world.cq_officer.actor
    item = written(uploaded([GOOD], by=by), by=by)
    stored = item.file.name
    actions.sweep(at=AT + timedelta(days=29))
    assert default_storage.exists(stored)
    actions.sweep(at=AT + timedelta(days=31))
    item.refresh_from_db()
    assert (default_storage.exists(stored), keeping.there(item), item.file.name) == (False, False, "")


PROGRAMME_HEAD = ("机构", "专业目录", "专业代码", "专业方向", "学制（年）", "开办年份", "年度招生计划（人）", "状态")
AI = ("重庆大学", "本科专业目录（2026年）", "080717T", "", 4, 2021, 60, "招生")


def test_programmes(world: World) -> None:
    by = world.cqu_admin.actor
    known = ("4150010611", "本科专业目录（2026年）", "080901", "", 4, 1978, "", "")
    item = uploaded([AI, known], by=by, table="programme", head=PROGRAMME_HEAD)
    assert counts(item) == (1, 0, 1, 0), errors(item)
    written(item, by=by)
    programme = Programme.objects.get(organisation=world.cqu, entry__code="080717T")
    assert (str(programme.years), programme.opened, programme.quota, programme.state) == ("4.0", 2021, 60, "open")
    changed = (*known[:6], 90, "暂停招生")
    item = uploaded([changed], by=by, table="programme", head=PROGRAMME_HEAD)
    assert counts(item) == (0, 1, 0, 0)
    written(item, by=by)
    world.programme.refresh_from_db()
    assert (world.programme.quota, world.programme.state, world.programme.opened) == (90, "suspended", 1978)
    assert (programme.version, world.programme.version) == (1, 2), "an import is a change like any other"


def test_programmes_of_others_are_refused(world: World) -> None:
    item = uploaded([("四川大学", *AI[1:])], by=world.cqu_admin.actor, table="programme", head=PROGRAMME_HEAD)
    ((row, column, sentence),) = errors(item)
    assert (row, column) == (2, "机构")
    assert "四川大学" in sentence


def test_every_reference_that_is_missing_is_told(world: World) -> None:
    row = ("没有的大学", AI[1], "999999", *AI[3:])
    item = uploaded(
        [row, (AI[0], AI[1], "0809", *AI[3:])], by=world.cqu_admin.actor, table="programme", head=PROGRAMME_HEAD
    )
    assert [(number, column) for number, column, _sentence in errors(item)] == [
        (2, "机构"),
        (2, "专业代码"),
        (3, "专业代码"),
    ]


def test_a_row_of_programmes_tells_its_organisation_too(world: World) -> None:
    rows = [
        ("没有的大学", AI[1], "080717T", "", "四年", 2021, 60, "招生"),
        ("没有的大学", "没有的目录", "080717T", "", 4, 2021, 60, "招生"),
    ]
    item = uploaded(rows, by=world.cqu_admin.actor, table="programme", head=PROGRAMME_HEAD)
    assert {(row, column) for row, column, _sentence in errors(item)} == {
        (2, "学制（年）"), (2, "机构"), (3, "专业目录"), (3, "机构"),
    }  # fmt: skip


DESIGNATION_HEAD = ("机构", "称号", "级别", "认定日期", "有效期至", "认定文件")
FIRM = ("示例智造有限公司", "产教融合型企业", "省（市）级", "2025年1月1日", date(2027, 12, 31), "示例〔2025〕1号")


def test_designations(world: World) -> None:
    by = world.cq_officer.actor
    item = uploaded([FIRM], by=by, table="designation", head=DESIGNATION_HEAD)
    assert counts(item) == (1, 0, 0, 0), errors(item)
    written(item, by=by)
    held = world.enterprise.designations.get()
    assert (held.title, held.level, held.invented) == ("产教融合型企业", "provincial", False)
    assert (held.valid_from, held.valid_until) == (date(2025, 1, 1), date(2027, 12, 31))
    longer = (*FIRM[:4], "2028/12/31", "")
    item = uploaded([longer, (*FIRM[:1], "另一称号", *FIRM[2:])], by=by, table="designation", head=DESIGNATION_HEAD)
    assert counts(item) == (1, 1, 0, 0)
    (changed,) = [row for row in item.sample if row["state"] == "changed"]
    assert (changed["cells"][4], changed["before"][4]) == ("2028-12-31", "2027-12-31")
    written(item, by=by)
    held.refresh_from_db()
    assert (held.valid_until, held.basis) == (date(2028, 12, 31), "示例〔2025〕1号")
    item = uploaded([longer], by=by, table="designation", head=DESIGNATION_HEAD)
    assert counts(item) == (0, 0, 1, 0)


def test_designations_wrong(world: World) -> None:
    rows = [
        (*FIRM[:3], "2025-12-31", "2025-01-01", ""),
        (*FIRM[:3], "去年", "", ""),
        ("四川大学", *FIRM[1:]),
        FIRM,
        FIRM,
    ]
    item = uploaded(rows, by=world.cq_officer.actor, table="designation", head=DESIGNATION_HEAD)
    assert [(row, column) for row, column, _sentence in errors(item)] == [
        (2, "有效期至"), (3, "认定日期"), (4, "机构"), (5, "称号"), (6, "称号"),
    ]  # fmt: skip


def test_own_and_own_sides_imports_are_seen(world: World) -> None:
    item = uploaded([GOOD], by=world.cq_officer.actor)
    for someone, sees in ((world.cq_officer, True), (world.sc_officer, False), (world.cqu_admin, False)):
        assert Import.objects.visible_to(someone.actor).filter(pk=item.pk).exists() is sees


def test_every_room_that_declares_tables_is_found() -> None:
    assert set(tables()) >= {"organisation", "programme", "designation"}
