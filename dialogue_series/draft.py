"""A series that is being planned: kept with the coordinator's sign-in, step by step, until it is made."""

from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, time
from uuid import uuid4

from dialogue_series import schedule


@dataclass(frozen=True)
class Draft:
    """What has been said so far; days and times are words, as they travel with the sign-in."""

    key: str = field(default_factory=lambda: str(uuid4()))
    school: str = ""
    name: str = ""
    language: str = "es"
    weekday: int = 3
    first_on: str = ""
    starts_at: str = "18:00"
    ends_at: str = "19:00"
    # Days used although there is no school, and numbered evenings put on a day of their own.
    anyway: tuple[str, ...] = ()
    moves: dict[str, str] = field(default_factory=dict)
    place: str = ""
    video_url: str = ""
    dial_in: str = ""
    offers: tuple[str, ...] = ("childcare", "interpreter", "ride", "food")
    # Keys of caregivers chosen to facilitate, and people added by name: {name, channel, value}.
    people: tuple[str, ...] = ()
    added: tuple[dict, ...] = ()
    co_runs: bool = False

    @classmethod
    def read(cls, kept: dict | None) -> "Draft":
        """Return a draft from what was kept; an older shape begins anew."""
        try:
            return cls(**(kept or {}))
        except TypeError:
            return cls()

    def as_kept(self) -> dict:
        """Return what is kept of the draft."""
        return asdict(self)

    def with_(self, **said) -> "Draft":
        """Return the draft with more said; other first evenings make earlier moves meaningless."""
        if (said.get("weekday", self.weekday), said.get("first_on", self.first_on)) != (self.weekday, self.first_on):
            said |= {"anyway": (), "moves": {}}
        return replace(self, **said)

    @property
    def starts(self) -> time:
        """Return the time on the wall at which an evening begins."""
        return time.fromisoformat(self.starts_at)

    @property
    def ends(self) -> time:
        """Return the time on the wall at which an evening ends."""
        return time.fromisoformat(self.ends_at)

    @property
    def minutes(self) -> int:
        """Return how long an evening is."""
        return minutes_between(self.starts, self.ends)

    @property
    def own_days(self) -> dict[int, date]:
        """Return the days chosen by hand, by number."""
        return {int(number): date.fromisoformat(on) for number, on in self.moves.items()}

    def plan(self, no_school: dict[date, str], last_day: date | None) -> schedule.Plan:
        """Return the ten evenings as they stand."""
        return schedule.plan_dates(
            date.fromisoformat(self.first_on),
            self.weekday,
            no_school,
            last_day=last_day,
            use_anyway={date.fromisoformat(on) for on in self.anyway},
            moves=self.own_days,
        )


def minutes_between(starts: time, ends: time) -> int:
    """Return the minutes from one time on the wall to a later one of the same day."""
    day = date.min
    return int((datetime.combine(day, ends) - datetime.combine(day, starts)).total_seconds() // 60)
