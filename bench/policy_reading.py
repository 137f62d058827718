"""Reading a policy document of 100,000 characters: from text to sections, measures, targets and bodies."""

import time

from bench.figures import percentile, tell
from shuangcheng.core.policy import read

LENGTH = 100_000
RUNS = 5
HEAD = "某省人民政府关于加快现代化建设的规划纲要（2021—2025年）\n某政发〔2021〕1号\n各市人民政府：\n"
TASK = (
    "（{number}）完善第{chapter}项服务。到2025年，建设示范站点{many}个、社区中心{more}家，覆盖率达到{share}%以上。"
    "健全工作机制，推动资源共享，支持各地因地制宜开展试点，培训骨干人员{many}00人次左右。"
    "加强统筹协调，强化要素保障，由省级部门会同各市制定实施细则，定期开展评估。（省发展改革委牵头，省财政厅、各市人民政府配合）\n"
)


def numeral(value: int) -> str:
    """A number below 1000 in Chinese words."""
    digits = "零一二三四五六七八九"
    hundreds, rest = divmod(value, 100)
    tens, ones = divmod(rest, 10)
    words = f"{digits[hundreds]}百" if hundreds else ""
    if tens:
        words += ("" if tens == 1 and not hundreds else digits[tens]) + "十"
    elif hundreds and ones:
        words += "零"
    return words + (digits[ones] if ones else "")


def document() -> str:
    """An invented document, wrapped as a PDF is and with a number on each page."""
    paragraphs, chapter, number = [HEAD], 0, 0
    while sum(map(len, paragraphs)) < LENGTH:
        chapter += 1
        paragraphs.append(f"第{numeral(chapter)}章　推进第{chapter}项工作\n")
        for _task in range(8):
            number += 1
            values = {"chapter": chapter, "many": 10 + number, "more": 3 * number + 1, "share": 50 + number % 50}
            paragraphs.append(TASK.format(number=numeral(number), **values))
    lines = [line[at : at + 28] for line in "".join(paragraphs).split("\n") for at in range(0, len(line), 28)]
    return "\n".join(line + (f"\n- {n // 24} -" if n % 24 == 23 else "") for n, line in enumerate(lines))


def main() -> None:
    """Measure the reading alone; the file formats are not in it."""
    text = document()
    taken = []
    for _run in range(RUNS):
        start = time.perf_counter()
        found = read(text)[0]
        taken.append(time.perf_counter() - start)
    more = {"characters": len(text), "sections": len(found.sections), "targets": len(found.targets)}
    tell("policy_reading", percentile(taken, 0.5), "s", runs=RUNS, **more)


if __name__ == "__main__":
    main()
