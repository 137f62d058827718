"""The demonstration's calendar: everything lies before or after the day on which it is loaded."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta


@dataclass(frozen=True)
class Clock:
    """Moments and days counted from `now`."""

    now: datetime

    def ago(self, days: int) -> datetime:
        """A moment `days` before today, in working hours and not always the same."""
        morning = datetime.combine(self.day(-days), time(9), tzinfo=self.now.tzinfo)
        return morning + timedelta(minutes=days * 97 % 490)

    def day(self, days: int) -> date:
        """The day `days` from today, negative for the past."""
        return (self.now + timedelta(days=days)).date()

    def months(self, months: int) -> date:
        """About that many months from today, negative for the past."""
        return self.day(round(months * 30.44))

    @property
    def beginning(self) -> datetime:
        """When the demonstration's people and entries came."""
        return self.ago(420)
