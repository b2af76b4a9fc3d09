"""One applicant, decided by each engine: what each says of every requirement, and whether they agree."""

import sys
from datetime import date
from pathlib import Path

from kutsereeglid import UsageError, evaluate, read_applicant

applicant = read_applicant(Path(__file__).with_name("applicant.yaml"))


def decide(engine):
    return evaluate(applicant, "noorem-tarkvaraarendaja", as_of=date(2026, 6, 10), engine=engine)


native = decide("native")
try:
    durable = decide("durable")
except UsageError as error:
    print(f"The engine durable is left out: {error}")
    sys.exit()

print(f"{'':24}{'native':16}{'durable':16}")
for one, other in zip(native.findings, durable.findings, strict=True):
    print(f"{one.requirement:24}{one.status:16}{other.status:16}")
print(f"{'outcome':24}{native.outcome:16}{durable.outcome:16}")
if native != durable:
    sys.exit("The engines do not agree.")
print("The engines agree: the two decisions are equal, with every reason and every day in them.")
