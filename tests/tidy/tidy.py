"""Checks what a compiler does not: walls between folders, names, habits, and true docs.

Run as `tidy.py [--root FOLDER]`. Prints one line per finding, `file:line: rule: what to do`, and
exits with 1 when there is any. Needs Python 3.9 and nothing else. Each rule is a function below the
line RULES; tidy_test.py plants a violation of every one of them.
"""

import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys
from collections import namedtuple

Finding = namedtuple("Finding", "path line rule advice")

COLUMNS_MAX = 100
DUPLICATE_LINES_MIN = 12
CPP = (".cc", ".h")
CODE = CPP + (".proto", ".py", ".cmake", ".sh")
SKIPPED_FOLDERS = {".git", "build", ".local", "__pycache__", "node_modules"}
# The only folder that may spell the words it forbids.
OWN_FOLDER = "tests/tidy/"

LIBRARY_WALLS = {  # header or folder of a library -> the only folder that may include it
    "librdkafka/": "platform/feed/",
    "rdkafka.h": "platform/feed/",
    "hiredis": "platform/live/",
    "libpq-fe.h": "platform/ledger/",
    "sqlite3.h": "platform/ledger/",
    "unicode/": "platform/text/",
}
DOMAIN_MAY_INCLUDE = re.compile(
    r"""absl/.+ | learncity/.+(?<!\.grpc)\.pb\.h | google/.+\.pb\.h
      | google/protobuf/(descriptor|message|text_format|io/tokenizer)\.h
      | platform/ledger/(decision|id)\.h | platform/calendar/calendar\.h | platform/persons/papers\.h
      | programmes/(center_kinds|isced_levels)\.inc
      | platform/runtime/(time|check)\.h""", re.VERBOSE)
DOMAIN_TEST_MAY_INCLUDE = re.compile(
    r"(gtest|gmock|platform/testing|google/protobuf)/.+|services/\w+/tables\.h")
# Of the standard library and abseil, what reads a clock, waits or touches the world.
IMPURE_HEADERS = re.compile(
    r"(iostream|fstream|filesystem|thread|mutex|shared_mutex|condition_variable|future|random"
    r"|cstdio|unistd\.h|sys/.+|absl/time/clock\.h|absl/(synchronization|log|random)/.+)")

BANNED_NAMES = {"common", "shared", "util", "utils", "helper", "helpers", "misc", "manager",
                "base", "impl", "data", "info"}
BANNED_ENDINGS = {"common", "util", "utils", "helper", "helpers", "misc", "manager", "impl"}
REGISTRY_HOSTS = re.compile(
    r"pypi\.org|pythonhosted\.org|npmjs|crates\.io|proxy\.golang|maven\.org|deb\.debian\.org", re.I)
MACHINE_PATHS = re.compile(r"(?<![\w./~$}])/(work|root|home|tmp)/")


class Tree:
    """The files of a checkout: tracked and new ones, or all of them where there is no git."""

    def __init__(self, root):
        self.root = pathlib.Path(root).resolve()
        self.paths = sorted(p for p in self._list() if (self.root / p).is_file())
        self.folders = {str(f) for p in self.paths for f in pathlib.PurePosixPath(p).parents}
        self._lines = {}

    def _list(self):
        if (self.root / ".git").exists() and shutil.which("git"):
            git = ["git", "-c", f"safe.directory={self.root}", "-C", str(self.root), "ls-files"]
            found = subprocess.run(git + ["-z", "--cached", "--others", "--exclude-standard"],
                                   check=True, stdout=subprocess.PIPE).stdout
            return set(os.fsdecode(found).split("\0")) - {""}
        found = set()
        for folder, names, files in os.walk(self.root):
            names[:] = [n for n in names if n not in SKIPPED_FOLDERS]
            found |= {(pathlib.Path(folder) / f).relative_to(self.root).as_posix() for f in files}
        return found

    def lines(self, path):
        """The numbered lines of a file, from 1; none for a binary file."""
        if path not in self._lines:
            try:
                text = (self.root / path).read_text(encoding="utf-8")
            except UnicodeDecodeError:
                text = ""
            self._lines[path] = list(enumerate(text.splitlines(), 1))
        return self._lines[path]

    def with_suffix(self, suffixes):
        return [p for p in self.paths if p.endswith(suffixes)]

    def text_files(self):
        return [p for p in self.paths if not p.startswith(OWN_FOLDER)]

    def exists(self, path):
        path = os.path.normpath(path)
        return path in self.folders or path in self.paths


def includes(tree):
    """Every #include as (path, line number, header, whether in angle brackets)."""
    for path in tree.with_suffix(CPP):
        for number, line in tree.lines(path):
            match = re.match(r'\s*#\s*include\s*([<"])([^>"]+)', line)
            if match:
                yield path, number, match[2], match[1] == "<"


def service_of(path):
    match = re.match(r"services/([^/]+)/", path)
    return match[1] if match else None


def grep(tree, paths, pattern, rule, advice):
    for path in paths:
        for number, line in tree.lines(path):
            if re.search(pattern, line):
                yield Finding(path, number, rule, advice)


def without_strings(line):
    """A line of C++ less its strings and its comment."""
    return re.sub(r"//.*", "", re.sub(r'"(\\.|[^"\\])*"', '""', line))


def is_test(path):
    return path.startswith("tests/") or path.endswith("_test.cc")


# RULES. Each takes the tree and yields findings.


def library_wall(tree):
    for path, number, header, _ in includes(tree):
        for library, home in LIBRARY_WALLS.items():
            if (header.startswith(library) or header.endswith("/" + library)) \
                    and not path.startswith(home):
                yield Finding(path, number, "library-wall",
                              f"<{header}> belongs behind {home}: use what that folder offers")
        if header.startswith("grpcpp/") and "/domain/" in path:
            yield Finding(path, number, "library-wall",
                          "rules know no gRPC: move this to the service's surface")


def domain_includes(tree):
    for path, number, header, angled in includes(tree):
        if "/domain/" not in path or header.startswith("grpcpp/"):
            continue
        own = path[:path.index("/domain/") + len("/domain/")]
        standard = angled and "/" not in header and not header.endswith(".h")
        allowed = standard or header.startswith(own) or DOMAIN_MAY_INCLUDE.fullmatch(header) \
            or (path.endswith("_test.cc") and DOMAIN_TEST_MAY_INCLUDE.fullmatch(header))
        if IMPURE_HEADERS.fullmatch(header) or not allowed:
            yield Finding(path, number, "domain-includes",
                          f"{header}: rules include generated messages, abseil, the standard "
                          "library without clock or I/O, and their own folder; pass in the rest")


def layers(tree):
    for path, number, header, _ in includes(tree):
        service, other = service_of(path), service_of(header)
        if other and path.startswith("platform/"):
            yield Finding(path, number, "layers",
                          "platform knows no service: turn it round, let the service call")
        elif other and service not in (None, other, "learncity"):
            yield Finding(path, number, "layers",
                          f"{service} may not include {other}: follow its feed or call its gRPC")


def unbuilt(tree):
    listed = set()
    for path in tree.paths:
        if path.endswith(("CMakeLists.txt", ".cmake")):
            folder = os.path.dirname(path)
            for _, line in tree.lines(path):
                for token in re.split(r'[\s()";]+', line.split("#")[0]):
                    token = token.replace("${CMAKE_CURRENT_SOURCE_DIR}/", "")
                    if token.startswith("${CMAKE_SOURCE_DIR}/"):
                        listed.add(token.split("/", 1)[1])
                    else:
                        listed.add(os.path.normpath(os.path.join(folder, token)))
    for path in tree.with_suffix((".cc",)):
        if path not in listed:
            yield Finding(path, 1, "unbuilt", "no CMakeLists.txt names it: add it or delete it")


def long_line(tree):
    for path in tree.with_suffix(CPP + (".proto",)):
        for number, line in tree.lines(path):
            if len(line) > COLUMNS_MAX:
                yield Finding(path, number, "long-line",
                              f"{len(line)} columns: break it at {COLUMNS_MAX}")


def using_namespace(tree):
    return grep(tree, tree.with_suffix((".h",)), r"^\s*using\s+namespace\b", "using-namespace",
                "a header may not open a namespace for those who include it: spell the names")


def to_do(tree):
    paths = [p for p in tree.text_files() if p.endswith(CODE) or p.endswith("CMakeLists.txt")
             or p == "run"]
    return grep(tree, paths, r"\b(TODO|FIXME|XXX)\b", "to-do",
                "do it, or say it in the note of the commit")


def code_grep(tree, keep, pattern, rule, advice):
    for path in tree.with_suffix(CPP):
        if keep(path):
            for number, line in tree.lines(path):
                if re.search(pattern, without_strings(line)):
                    yield Finding(path, number, rule, advice)


def thread(tree):
    return code_grep(tree, lambda p: not p.startswith("platform/"),
                     r"\bstd::(jthread|async|thread(?!::))\b|\bpthread_create\b", "thread",
                     "threads are created in platform/ only: hand it a step to drive")


def sleep_in_test(tree):
    return code_grep(tree, is_test,
                     r"\bsleep_(for|until)\b|\bu?sleep\s*\(|\babsl::SleepFor\b|\bnanosleep\b",
                     "sleep-in-test", "wait for the condition with a deadline")


def catch_all(tree):
    return code_grep(tree, lambda p: True, r"\bcatch\s*\(\s*\.\.\.\s*\)", "catch-all",
                     "catch the type that is thrown, or let it abort")


def skipped_test(tree):
    return code_grep(tree, lambda p: True, r"\bGTEST_SKIP\b|\bDISABLED_\w", "skipped-test",
                     "a test runs or is deleted")


def banned_name(tree):
    for path in tree.paths + sorted(tree.folders):
        if path == "data" or path.startswith("helm/"):
            continue
        name = os.path.basename(path)
        stem = re.sub(r"_test$", "", name.split(".")[0]).lower()
        if stem in BANNED_NAMES or stem.split("_")[-1] in BANNED_ENDINGS:
            yield Finding(path, 1, "banned-name", f"'{name}' says nothing: name what it does")


def normalised(tree, path):
    """The lines of a service's file that say something, the service's own name taken out."""
    names = re.compile(service_of(path), re.I)
    for number, line in tree.lines(path):
        line = names.sub("$service", " ".join(line.split()))
        if re.search(r"\w", line) and not re.match(r"//|#|using\b|namespace\b|\} *//", line):
            yield number, line


def duplicate(tree):
    first_seen = {}
    for path in tree.with_suffix(CPP):
        if not service_of(path):
            continue
        lines, copying = list(normalised(tree, path)), False
        for i in range(len(lines) - DUPLICATE_LINES_MIN + 1):
            window = tuple(line for _, line in lines[i:i + DUPLICATE_LINES_MIN])
            other, line = first_seen.setdefault(window, (path, lines[i][0]))
            copied = service_of(other) != service_of(path)
            if copied and not copying:
                yield Finding(path, lines[i][0], "duplicate",
                              f"{DUPLICATE_LINES_MIN} or more lines as in {other}:{line}: "
                              "let them live once, in platform/")
            copying = copied


def readme(tree):
    for folder in sorted(tree.folders):
        if re.fullmatch(r"(services|platform)/[^/]+", folder) \
                and f"{folder}/README.md" not in tree.paths:
            yield Finding(folder, 1, "readme", "add a README.md: what this folder is for")


def subcommands(tree):
    """The words that `run` takes, read from the branches of its `case`."""
    text = "\n".join(line for _, line in tree.lines("run"))
    branches = re.findall(r"^ +([a-z][a-z |-]*)\)", text.partition('case "$command"')[2], re.M)
    return {word for branch in branches for word in re.split(r"[ |]+", branch) if word}


def doc_path(tree):
    tops = {p.split("/")[0] for p in tree.paths if "/" in p} | {
        "platform", "services", "proto", "tests", "docs", "data", "deploy", "helm"}
    for path in tree.with_suffix((".md",)):
        if path.endswith("CHANGELOG.md"):
            continue
        folder = os.path.dirname(path)
        for number, line in tree.lines(path):
            quoted = [re.sub(r":\d+$", "", q) for q in re.findall(r"`([\w.+/-]+/[\w.+/-]*)`", line)]
            quoted = [q for q in quoted if q.split("/")[0] in tops]
            linked = [t.split("#")[0] for t in re.findall(r"\]\(([^)\s]+)\)", line)
                      if not re.match(r"[a-z]+:|#", t)]
            missing = [q for q in quoted if not tree.exists(q)
                       and not tree.exists(os.path.join(folder, q))]
            missing += [t for t in linked if not tree.exists(os.path.join(folder, t))]
            for name in missing:
                yield Finding(path, number, "doc-path", f"{name} does not exist: correct the text")


def doc_command(tree):
    if "run" not in tree.paths:
        return
    known = subcommands(tree)
    for path in tree.with_suffix((".md",)):
        for number, line in tree.lines(path):
            for word in re.findall(r"\./run +([a-z][a-z-]*)", line):
                if word not in known:
                    yield Finding(path, number, "doc-command",
                                  f"./run has no '{word}': correct the text")


def machine_path(tree):
    return grep(tree, tree.with_suffix((".md",)), MACHINE_PATHS, "machine-path",
                "a path of one machine: write it relative to the repository")


def registry_host(tree):
    return grep(tree, tree.text_files(), REGISTRY_HOSTS, "registry-host",
                "name the package, not the host it came from")


RULES = (library_wall, domain_includes, layers, unbuilt, long_line, using_namespace, to_do, thread,
         sleep_in_test, catch_all, skipped_test, banned_name, duplicate, readme, doc_path,
         doc_command, machine_path, registry_host)


def check(root):
    tree = Tree(root)
    return sorted({finding for rule in RULES for finding in rule(tree)}), len(tree.paths)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--root", default=pathlib.Path(__file__).resolve().parents[2])
    findings, files = check(parser.parse_args().root)
    for finding in findings:
        print(f"{finding.path}:{finding.line}: {finding.rule}: {finding.advice}")
    print(f"tidy: {files} files, {len(RULES)} rules, {len(findings)} findings")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
