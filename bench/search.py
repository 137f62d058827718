"""Search over 500,000 organisations: six kinds of question, 95 of 100 answered within which time; beside `icontains`.

The names are invented from those of real townships and streets. The peer is what a Django user writes first, on the
same rows: `name__icontains` of each word, ordered by name, twenty rows. It is asked the questions that it can answer,
which are the Chinese ones, and fewer of them.
"""

import random
import time
from collections.abc import Callable, Iterator, Sequence

from bench import invented
from bench.figures import percentile, tell
from bench.node import load_reference, node

ROWS = 500_000
QUESTIONS = 100  # of each kind
PEER_QUESTIONS = 10
LIMIT = 20
KINDS = (
    "中心小学", "中学", "初级中学", "高级中学", "实验小学", "第一小学", "第二小学", "第三小学", "第一中学", "第二中学",
    "九年制学校", "民族小学", "希望小学", "职业中学", "职业教育中心", "中心幼儿园", "第一幼儿园", "第二幼儿园",
    "实验幼儿园", "公办幼儿园", "成人文化技术学校", "社区教育学院", "老年学校", "图书馆", "文化站", "博物馆",
    "研学实践基地", "劳动教育基地", "科普教育基地", "青少年活动中心", "特殊教育学校", "外国语学校", "艺术学校",
    "体育学校", "农业技术推广站", "机械制造有限公司", "食品有限公司", "电子科技有限公司", "农业开发有限公司",
    "建筑工程有限公司",
)  # fmt: skip
PLACES = ("", "东街", "西街", "南街", "北街")


def names() -> Iterator[tuple[str, str]]:
    """Name and division code of each organisation."""
    divisions = {row["code"]: row for row in invented.table("divisions.csv")}
    towns = sorted(code for code, row in divisions.items() if row["level"] == "township")
    made = 0
    for place in PLACES:
        for kind in KINDS:
            for code in towns:
                town = divisions[code]
                county = divisions.get(town["parent_code"], town)
                yield f"{county['name']}{town['name']}{place}{kind}", county["code"]
                made += 1
                if made == ROWS:
                    return
    raise AssertionError(f"only {made} names")


def load(rows: Sequence[tuple[str, str]]) -> None:
    """The organisations and their index entries, as an import leaves them."""
    from django.db import connection
    from django.utils import timezone

    from shuangcheng.core.tokens import pinyin_key
    from shuangcheng.desk import search
    from shuangcheng.directory.models import Division
    from shuangcheng.directory.search import organisation_document
    from shuangcheng.directory.tables import bulk

    divisions = {division.code: division for division in Division.objects.order_by("valid_from")}
    ids = [bulk.new_id() for _row in rows]
    now = timezone.now()
    columns = (
        "id created_at updated_at name pinyin type code credit_code authority division_id side level private status"
    )
    bulk.copy(
        "directory_organisation", (*columns.split(), "website", "remark", "source", "version"),
        (
            (id, now, now, name, pinyin_key(name), "school", "", invented.credit_code(number), "", divisions[county].id,
             "cq", "", False, "active", "", "", "bench", 1)
            for number, (id, (name, county)) in enumerate(zip(ids, rows, strict=True))
        ),
    )  # fmt: skip
    kind = search.searchables()["organisation"]
    search.stream(
        search.row(
            kind,
            organisation_document(
                id=id, name=name, type="school", place=divisions[county].name, former=(), side="cq",
                codes=(invented.credit_code(number),),
            ),
        )
        for number, (id, (name, county)) in enumerate(zip(ids, rows, strict=True))
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE desk_searchentry")
        cursor.execute("VACUUM ANALYZE directory_organisation")


def questions(rows: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    """By kind, what people type: always the same."""
    from pypinyin import Style, lazy_pinyin

    chance = random.Random(2026)
    counties = {row["code"]: row["name"] for row in invented.table("divisions.csv") if row["level"] != "township"}
    towns = [
        (counties[row["parent_code"]], row["name"])
        for row in invented.table("divisions.csv")
        if row["level"] == "township" and row["parent_code"] in counties
    ]

    def sound(style: Style) -> str:
        county, town = chance.choice(towns)
        return "".join(lazy_pinyin(county[:2] + town[:2], style=style))

    makers: dict[str, Callable[[], str]] = {
        "word": lambda: chance.choice(towns)[1],
        "two_words": lambda: f"{chance.choice(towns)[0][:-1]} {chance.choice(KINDS)}",
        "initials": lambda: "".join(lazy_pinyin("".join(chance.choice(towns))[:5], style=Style.FIRST_LETTER)),
        "pinyin": lambda: sound(Style.NORMAL),
        "code": lambda: invented.credit_code(chance.randrange(len(rows))),
        "common_word": lambda: chance.choice(("小学", "幼儿园", "中学", "有限公司", "学校", "基地", "中心")),
    }
    return {kind: [make() for _question in range(QUESTIONS)] for kind, make in makers.items()}


def ask(texts: Sequence[str], answer: Callable[[str], object]) -> list[float]:
    """Milliseconds of each answer."""
    taken = []
    for text in texts:
        start = time.perf_counter()
        answer(text)
        taken.append((time.perf_counter() - start) * 1000)
    return taken


def main() -> None:
    """Measure both."""
    rows = list(names())
    with node():
        load_reference()
        load(rows)
        from shuangcheng.desk import search
        from shuangcheng.directory.actor import public
        from shuangcheng.directory.models import Organisation

        visitor = public(door="web")

        def peer(text: str) -> list[Organisation]:
            found = Organisation.objects.order_by("name")
            for word in text.split():
                found = found.filter(name__icontains=word)
            return list(found[:LIMIT])

        asked = questions(rows)
        for texts in asked.values():  # once to warm up, as on a node that has been running for a while
            ask(texts[:20], lambda text: search.find(text, actor=visitor, limit=LIMIT))
        ours = {
            kind: ask(texts, lambda text: search.find(text, actor=visitor, limit=LIMIT))
            for kind, texts in asked.items()
        }
        chinese = ("word", "two_words", "common_word")
        theirs = {kind: ask(asked[kind][:PEER_QUESTIONS], peer) for kind in chinese}
    everything = [taken for group in ours.values() for taken in group]
    tell("search_p50", percentile(everything, 0.5), "ms", rows=ROWS, questions=len(everything))
    tell("search_p95", percentile(everything, 0.95), "ms", rows=ROWS, questions=len(everything))
    for kind, group in ours.items():
        beside = percentile(theirs[kind], 0.95) if kind in theirs else None
        tell(
            f"search_{kind}_p95", percentile(group, 0.95), "ms", less_is_better=True, peer_value=beside,
            peer=f"Django icontains, {PEER_QUESTIONS} questions" if beside else "", rows=ROWS, example=asked[kind][0],
        )  # fmt: skip


if __name__ == "__main__":
    main()
