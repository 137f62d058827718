"""Reading policy documents from a terminal: no database, a sentence for what cannot be read, the rest still done."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from shuangcheng.cli import offline
from shuangcheng.cli.plan import plan
from tests.core.file_samples import pdf_file, png_file
from tests.core.policy_samples import WANTED, text_of

NOTICE = next(wanted for wanted in WANTED if wanted.stem == "ageing-six-bureaus")


def run(*arguments: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(plan, ["extract", *map(str, arguments)])
    return result.exit_code, result.output


def written(path: Path) -> dict[str, Any]:
    documents: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["documents"]
    return documents[0]


def test_what_cannot_be_read_has_a_sentence_and_the_rest_is_done(tmp_path: Path) -> None:
    names = ("扫描.pdf", "照片.png", "乱码.txt", "目录.txt", "方案.txt")
    scan, picture, binary, contents, good = (tmp_path / name for name in names)
    scan.write_bytes(pdf_file(None))
    picture.write_bytes(png_file())
    binary.write_bytes(b"\x00\x01\x02" * 50)
    contents.write_text("目录\n一、总体要求……1\n二、主要任务……3\n三、保障措施……9\n", encoding="utf-8")
    good.write_text(text_of(NOTICE), encoding="utf-8")
    code, said = run(scan, picture, binary, contents, good, "--out", tmp_path / "out")
    assert code == 1
    assert "“目录.txt”里没有读到正文，可能只有目录或页码。" in said
    assert len([line for line in said.split("\n") if line.strip()]) >= 4
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["方案.json"]


def test_a_document_is_written_as_json(tmp_path: Path) -> None:
    source = tmp_path / "规划.txt"
    source.write_bytes(text_of(NOTICE).encode("gb18030"))
    code, said = run(source, "--out", tmp_path)
    assert code == 0
    assert said.count("GB18030") == 1
    document = written(tmp_path / "规划.json")
    wanted = json.loads(NOTICE.read_text(encoding="utf-8"))
    assert [document[key] for key in ("title", "issuers", "doc_number", "date_issued")] == [
        wanted[key] for key in ("title", "issuers", "doc_number", "date_issued")
    ]
    assert document["sections"][3] | {"start": 0, "end": 0} == {
        "level": 2, "number": "二、", "title": "主要目标", "run_in": False, "start": 0, "end": 0,
    }  # fmt: skip
    first = document["targets"][0]
    assert (first["value"], first["unit"], first["deadline"], first["kind"]) == (28, "万张", 2025, "goal")
    assert {"quote", "value_max", "comparator", "subject", "in_table"} <= set(first)
    assert {"text", "role", "section"} <= set(document["bodies"][0])
    assert {"text", "section"} <= set(document["measures"][0])


def test_a_page_saved_as_text_is_read_as_a_page(tmp_path: Path) -> None:
    paragraphs = "".join(f"<p>{line}</p>" for line in text_of(NOTICE).split("\n"))
    for name, text in (
        ("部分.txt", f"<div>{paragraphs}</div>"),
        ("全页.txt", f"<html><body>{paragraphs}</body></html>"),
    ):
        (tmp_path / name).write_text(text, encoding="utf-8")
        assert run(tmp_path / name, "--out", tmp_path)[0] == 0
        assert len(written(tmp_path / f"{Path(name).stem}.json")["sections"]) == 14


def test_a_list_for_people_is_printed(tmp_path: Path) -> None:
    source = tmp_path / "规划.md"
    source.write_text(text_of(NOTICE), encoding="utf-8")
    code, said = run(source)
    assert code == 0
    assert "“十四五”养老服务体系建设规划（2021—2025年）" in said
    assert "养老床位总数 28 万张（2025 年）" in said
    assert "牵头：省民政厅" in said


def test_no_database_is_started(tmp_path: Path) -> None:
    source = tmp_path / "规划.txt"
    source.write_text(text_of(NOTICE), encoding="utf-8")
    home = tmp_path / "node"
    done = subprocess.run(
        [sys.executable, "-m", "shuangcheng.site.main", "plan", "extract", str(source)],
        env=os.environ | {"SHUANGCHENG_VAR_DIR": str(home), "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "养老床位总数" in done.stdout
    assert offline == {"plan extract"}
