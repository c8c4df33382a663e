"""``make bench``: every figure that is promised, printed beside its limit. Figures are of this machine, in this run."""

import sys

from tests.performance import (
    bench_circular,
    bench_decisions,
    bench_demo,
    bench_import,
    bench_page,
    bench_planning,
    bench_questions,
    bench_report,
    bench_sender,
    bench_understanding,
    bench_webhook,
    bench_year,
)

BENCHMARKS = {
    "circular": bench_circular.run,
    "decisions": bench_decisions.run,
    "demo": bench_demo.run,
    "import": bench_import.run,
    "page": bench_page.run,
    "planning": bench_planning.run,
    "questions": bench_questions.run,
    "report": bench_report.run,
    "sender": bench_sender.run,
    "understanding": bench_understanding.run,
    "webhook": bench_webhook.run,
    "year": bench_year.run,
}

for name in sys.argv[1:] or BENCHMARKS:
    print(f"== {name} ==", flush=True)
    BENCHMARKS[name]()
