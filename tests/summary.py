"""Reads the .trx files of a run: the ten slowest tests, what was skipped and why, and one line with the counts."""
import collections
import pathlib
import sys
import xml.etree.ElementTree as xml

SPACE = {"t": "http://microsoft.com/schemas/VisualStudio/TeamTest/2010"}


def seconds(text):
    hours, minutes, rest = (text or "0:0:0").split(":")
    return int(hours) * 3600 + int(minutes) * 60 + float(rest)


counts = collections.Counter()
slow, skipped, failed = [], collections.Counter(), []
for file in sorted(pathlib.Path(sys.argv[1]).rglob("*.trx")):
    for test in xml.parse(file).getroot().iterfind(".//t:UnitTestResult", SPACE):
        outcome, name = test.get("outcome"), test.get("testName")
        kind = {"Passed": "passed", "NotExecuted": "skipped"}.get(outcome, "failed")
        counts[kind] += 1
        slow.append((seconds(test.get("duration")), name))
        text = test.find(".//t:Message", SPACE)
        if kind == "skipped":
            skipped[(text.text or "").strip() if text is not None else "no reason given"] += 1
        elif kind == "failed":
            trace = test.find(".//t:StackTrace", SPACE)
            said = [line.rstrip() for t in (text, trace) if t is not None for line in (t.text or "").strip().splitlines()[:8]]
            failed.append("\n    ".join([name, *(line[:300] for line in said)]))

print("\nTen slowest tests:")
for duration, name in sorted(slow, reverse=True)[:10]:
    print(f"  {duration:7.2f} s  {name[:120]}")
for reason, count in skipped.most_common(20):
    print(f"skipped {count}: {reason[:160]}")
for name in failed[:50]:
    print(f"FAILED {name}")
print(f"{counts['passed']} passed, {counts['failed']} failed, {counts['skipped']} skipped")
sys.exit(1 if counts["failed"] or not counts["passed"] else 0)
