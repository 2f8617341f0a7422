"""Shows that tidy can fail: plants violations of each rule in a small tree and expects them."""

import pathlib
import tempfile
import unittest

import tidy

RUN = 'case "$command" in\n    demo) do_demo ;;\n    serve | report) forward ;;\nesac\n'
CLEAN = {
    "run": RUN,
    "README.md": "Read `services/alpha/domain/rules.cc`, then `./run demo` and `./run report`.\n",
    "CMakeLists.txt": "add_subdirectory(services)\n",
    "data/city.csv": "code\n",
    "platform/ledger/README.md": "Turns.\n",
    "platform/ledger/CMakeLists.txt": "add_library(ledger sqlite.cc)\n",
    "platform/ledger/sqlite.cc": "#include <sqlite3.h>\n#include <thread>\nstd::thread driver;\n",
    "services/alpha/README.md": "Alpha.\n",
    "services/alpha/CMakeLists.txt": "add_library(alpha domain/rules.cc surface.cc)\n",
    "services/alpha/domain/rules.cc": '#include "services/alpha/domain/rules.h"\n',
    "services/alpha/domain/rules.h":
        '#include <string>\n#include "absl/status/status.h"\n'
        '#include "learncity/alpha/v1/alpha.pb.h"\n#include "platform/ledger/decision.h"\n',
    "services/alpha/surface.cc": "#include <grpcpp/grpcpp.h>\n",
    "services/beta/README.md": "Beta.\n",
    "services/beta/CMakeLists.txt": "add_library(beta surface.cc)\n",
    "services/beta/surface.cc": '#include "services/beta/domain/rules.h"\n',
}
COPIED = "".join(f"  int {{0}}_{n} = {n};\n" for n in range(tidy.DUPLICATE_LINES_MIN))
ALPHA, BETA = "services/alpha/surface.cc", "services/beta/surface.cc"
RULES_H = "services/alpha/domain/rules.h"

# rule, file, text that replaces the clean file's, line of the finding
PLANTED = [
    ("library-wall", ALPHA, "\n#include <sqlite3.h>\n", 2),
    ("library-wall", ALPHA, "#include <librdkafka/rdkafka.h>\n", 1),
    ("library-wall", ALPHA, "#include <hiredis/hiredis.h>\n", 1),
    ("library-wall", ALPHA, "#include <postgresql/libpq-fe.h>\n", 1),
    ("library-wall", RULES_H, "#include <grpcpp/grpcpp.h>\n", 1),
    ("domain-includes", RULES_H, '#include "platform/rpc/server.h"\n', 1),
    ("domain-includes", RULES_H, '#include "learncity/alpha/v1/alpha.grpc.pb.h"\n', 1),
    ("domain-includes", RULES_H, '#include "services/alpha/surface.h"\n', 1),
    ("domain-includes", RULES_H, '#include "gtest/gtest.h"\n', 1),
    ("domain-includes", RULES_H, "#include <fstream>\n", 1),
    ("domain-includes", RULES_H, '#include "absl/time/clock.h"\n', 1),
    ("layers", ALPHA, '#include "services/beta/surface.h"\n', 1),
    ("layers", "platform/ledger/sqlite.cc", '#include "services/beta/surface.h"\n', 1),
    ("unbuilt", "services/alpha/forgotten.cc", "int x;\n", 1),
    ("long-line", RULES_H, "\n// " + "x" * 98 + "\n", 2),
    ("long-line", "proto/learncity/x/v1/x.proto", "// " + "x" * 98 + "\n", 1),
    ("using-namespace", RULES_H, "using namespace std;\n", 1),
    ("to-do", ALPHA, "// TODO: later\n", 1),
    ("to-do", "CMakeLists.txt", "# FIXME\n", 1),
    ("thread", ALPHA, "std::thread t(f);\n", 1),
    ("thread", ALPHA, "auto f = std::async(g);\n", 1),
    ("sleep-in-test", "platform/ledger/sqlite_test.cc", "std::this_thread::sleep_for(1s);\n", 1),
    ("catch-all", ALPHA, "try { f(); } catch (...) {}\n", 1),
    ("skipped-test", "platform/ledger/sqlite_test.cc", "  GTEST_SKIP();\n", 1),
    ("skipped-test", "platform/ledger/sqlite_test.cc", "TEST(A, DISABLED_B) {}\n", 1),
    ("banned-name", "platform/ledger/string_utils.h", "int x;\n", 1),
    ("banned-name", "platform/ledger/common.h", "int x;\n", 1),
    ("banned-name", "services/alpha/data/rows.csv", "x\n", 1),
    ("readme", "services/gamma/notes.txt", "x\n", 1),
    ("doc-path", "README.md", "\nRead `platform/gone/turn.h`.\n", 2),
    ("doc-path", "README.md", "Read [the picture](ARCHITECTURE.md).\n", 1),
    ("doc-command", "README.md", "Type `./run fly`.\n", 1),
    ("machine-path", "README.md", "It is in /tmp/learncity.\n", 1),
    ("registry-host", "README.md", "From pypi.org.\n", 1),
]


def findings_in(files):
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            path = pathlib.Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return tidy.check(folder)[0]


class TidyTest(unittest.TestCase):
    def test_a_clean_tree_has_no_findings(self):
        self.assertEqual(findings_in(CLEAN), [])

    def test_each_planted_violation_is_found_where_it_is(self):
        for rule, path, text, line in PLANTED:
            with self.subTest(rule=rule, path=path, text=text):
                found = findings_in({**CLEAN, path: text})
                where = [(f.rule, f.line) for f in found
                         if f.path == path or path.startswith(f.path + "/")]
                self.assertIn((rule, line), where)

    def test_lines_copied_between_services_are_found_once_and_under_another_name(self):
        found = findings_in({**CLEAN, ALPHA: COPIED.format("alpha"), BETA: COPIED.format("beta")})
        self.assertEqual([(f.rule, f.path, f.line) for f in found], [("duplicate", BETA, 1)])

    def test_one_line_less_is_no_copy(self):
        short = COPIED.split("\n", 1)[1]
        found = findings_in({**CLEAN, ALPHA: short.format("alpha"), BETA: short.format("beta")})
        self.assertEqual(found, [])

    def test_every_rule_is_planted(self):
        planted = {rule for rule, *_ in PLANTED} | {"duplicate"}
        names = {rule.__name__.replace("_", "-")
                 for rule in tidy.RULES}
        self.assertEqual(planted, names)


if __name__ == "__main__":
    unittest.main()
