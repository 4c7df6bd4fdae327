"""Keeps the books of tests/long.sh: one line of JSON a step, and in the end one file for people."""
import collections
import json
import os
import pathlib
import platform
import re
import subprocess
import sys
import time
import xml.etree.ElementTree as xml

SPACE = {"t": "http://microsoft.com/schemas/VisualStudio/TeamTest/2010"}

# What the tests' own output says of how much ran: name in the report, pattern.
COUNTED = {
    "simulation": {"turns": r"turns (\d+)", "flushes": r"flushes (\d+)", "alerts": r"alerts (\d+)", "pages": r"pages (\d+)"},
    "kills": {"alerts sent": r"(\d+) alerts", "alerts answered": r"(\d+) answered", "incidents": r"(\d+) incidents"},
    "stores": {"alerts sent": r"(\d+) alerts", "alerts answered": r"(\d+) answered", "incidents": r"(\d+) incidents"},
    "silos": {"alerts sent": r"(\d+) alerts", "alerts answered": r"(\d+) answered", "incidents": r"(\d+) incidents"},
    "cluster": {"alerts sent": r"(\d+) alerts", "alerts answered": r"(\d+) answered", "incidents": r"(\d+) incidents", "faults": r"(\d+) faults"},
    "upgrade": {"alerts sent": r"(\d+) alerts", "alerts answered": r"(\d+) answered", "incidents": r"(\d+) incidents", "calls of people": r"(\d+) calls of people"},
    "faults": {},
    "fuzz": {"inputs": r"(\d+) inputs", "requests": r"(\d+) requests"},
}


def add(work, kind, status, seconds, command):
    """One step: reads its results, writes its line. Fails when the step did."""
    step = {"kind": kind, "seconds": int(seconds), "command": command.strip(), "failures": [], "skipped": {}, "passed": 0, "counts": {}}
    counts = collections.Counter()
    for file in work.glob("results/**/*.trx"):
        for test in xml.parse(file).getroot().iterfind(".//t:UnitTestResult", SPACE):
            message = (test.findtext(".//t:Message", "", SPACE) or "").strip()
            output = test.findtext(".//t:StdOut", "", SPACE) or ""
            if test.get("outcome") == "Passed":
                step["passed"] += 1
            elif test.get("outcome") == "NotExecuted":
                step["skipped"][message] = step["skipped"].get(message, 0) + 1
            else:
                trace = (test.findtext(".//t:StackTrace", "", SPACE) or "").strip()
                step["failures"].append({"test": test.get("testName"), "message": message[:4000], "trace": trace[:1500]})
            for name, pattern in COUNTED[kind].items():
                counts[name] += sum(int(n.replace(",", "")) for n in re.findall(pattern, output))
    for variable, name in (("INCIDENTS_SIM_SEEDS", "seeds"), ("INCIDENTS_KILLS", "kills")):
        if found := re.search(variable + r"=(\d+)", command):
            counts[name] += int(found[1])
    step["counts"] = counts
    if int(status) != 0 and not step["failures"]:
        tail = (work / "log").read_text(errors="replace")[-3000:]
        step["failures"].append({"test": "the step itself", "message": f"exit code {status}{' (it hung)' if status == '124' else ''}\n{tail}", "trace": ""})
    if step["passed"] == 0 and not step["failures"]:
        step["failures"].append({"test": "the step itself", "message": f"no test ran: {step['skipped']}", "trace": ""})
    with open(work / "steps", "a") as steps:
        steps.write(json.dumps(step) + "\n")
    print(f"{time.strftime('%H:%M:%S')} {kind}: {step['passed']} passed, {len(step['failures'])} failed, {sum(step['skipped'].values())} skipped in {seconds} s", flush=True)
    return not step["failures"]


def skip(work, kind, why):
    """A step that cannot run here."""
    step = {"kind": kind, "seconds": 0, "command": "", "failures": [], "skipped": {why: 1}, "passed": 0, "counts": {}}
    with open(work / "steps", "a") as steps:
        steps.write(json.dumps(step) + "\n")
    print(f"{time.strftime('%H:%M:%S')} {kind}: skipped: {why}", flush=True)
    return True


def said(*command):
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def machine():
    facts = pathlib.Path("/proc/cpuinfo").read_text() if os.path.exists("/proc/cpuinfo") else ""
    model = re.search(r"model name\s*: (.*)", facts)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} × {model[1] if model else platform.machine()}, {memory:.0f} GiB, {platform.system()} {platform.release()}"


def write(work, results, began):
    """The file for people. Fails when a step did or a kind of step never ran."""
    steps = [json.loads(line) for line in open(work / "steps")] if (work / "steps").exists() else []
    failed = [(step, failure) for step in steps for failure in step["failures"]]
    took = int(time.time()) - int(began)
    stamp = time.strftime("%Y-%m-%d %H:%M", time.gmtime(int(began)))
    lines = [
        f"# Long run of {stamp} UTC", "",
        f"**{'Nothing failed.' if not failed else f'{len(failed)} failures.'}** {len(steps)} steps in {took // 3600} h {took % 3600 // 60} min.", "",
        f"- version {said('git', 'describe', '--always', '--dirty')}, .NET SDK {said('dotnet', '--version')}",
        f"- {machine()}; load at the end {os.getloadavg()[0]:.1f}", "",
        "| kind | steps | minutes | tests passed | failed | skipped | how much |", "|---|---|---|---|---|---|---|",
    ]
    for kind in COUNTED:
        of = [step for step in steps if step["kind"] == kind]
        counts = sum((collections.Counter(step["counts"]) for step in of), collections.Counter())
        much = ", ".join(f"{count:,} {name}" for name, count in counts.items())
        lines.append(f"| {kind} | {len(of)} | {sum(s['seconds'] for s in of) / 60:.1f} | {sum(s['passed'] for s in of):,} | "
                     f"{sum(len(s['failures']) for s in of)} | {sum(sum(s['skipped'].values()) for s in of)} | {much or ('did not run' if not of else '')} |")
    skipped = sum((collections.Counter(step["skipped"]) for step in steps), collections.Counter())
    lines += ["", *(f"- skipped {count} times: {why}" for why, count in skipped.most_common())]
    lines += ["", "## Steps", "", *(f"- {step['kind']}, {step['seconds']} s: `{step['command']}`" for step in steps if step["command"])]
    lines += ["", "## Failures", "", *([] if failed else ["None."])]
    for step, failure in failed:
        lines += [f"### {failure['test']}", "", "Again:", "", "```", step["command"], "```", "", "```", failure["message"], failure["trace"], "```", ""]
    text = "\n".join(lines).replace(str(pathlib.Path.cwd()) + "/", "").replace(str(work), "…")
    pathlib.Path(results).write_text(text.rstrip() + "\n")
    return not failed and {step["kind"] for step in steps} >= {kind for kind in COUNTED if kind != "fuzz" or os.path.isdir("tests/Orleans.Incidents.Fuzz")}


if __name__ == "__main__":
    act, work, *rest = sys.argv[1:]
    sys.exit(0 if {"add": add, "skip": skip, "write": write}[act](pathlib.Path(work), *rest) else 1)
