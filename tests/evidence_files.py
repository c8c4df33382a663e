"""Photos and documents in tests: made on the spot, and added as a page would."""

from hashlib import sha256
from io import BytesIO

from PIL import Image

from domain.fiscal import Quarter
from domain.reminders import BANGKOK
from storage import evidence
from storage.evidence import OfReport, Target
from storage.reference import load_reference
from storage.untrusted_files.kinds import Cleaned, Kind
from tests.office import Bot
from tests.submitting import FIRST_QUARTER, actor_of, moment


def photo(words: str = "", size: tuple[int, int] = (400, 300)) -> bytes:
    """A photo, as a phone sends it; other words are another photo."""
    picture = Image.new("RGB", size, tuple(sha256(words.encode()).digest()[:3]))
    file = BytesIO()
    picture.save(file, "JPEG")
    return file.getvalue()


def report(code: str, quarter: Quarter = FIRST_QUARTER) -> OfReport:
    """The files of a project's report of quarter 1/2566."""
    return OfReport(code, quarter)


def attach(bot: Bot, person: str, target: Target, name: str, content: bytes | None = None) -> int:
    """Let somebody add a document that is clean already, and return its id."""
    with bot.database.write() as session:
        reference = load_reference(session, bot.at.astimezone(BANGKOK).date())
        file = Cleaned(name.encode() if content is None else content, Kind.PDF)
        return evidence.add(session, reference, actor_of(session, person), target, name, file, moment(bot))


def detach(bot: Bot, person: str, target: Target, number: int) -> None:
    """Let somebody remove a file."""
    with bot.database.write() as session:
        reference = load_reference(session, bot.at.astimezone(BANGKOK).date())
        evidence.remove(session, reference, actor_of(session, person), target, number, moment(bot))


def names(bot: Bot, person: str, target: Target) -> list[str]:
    """Return the names of the files that somebody who writes sees."""
    with bot.database.read() as session:
        reference = load_reference(session, bot.at.astimezone(BANGKOK).date())
        return [file.name for file in evidence.attached(session, reference, person, target).files]
