"""When what is done once a day is due."""

from datetime import datetime, time, timedelta


def next_moment(now: datetime, at: time) -> datetime:
    """The next time the clock shows ``at``, later than ``now``; both are local times.

    >>> next_moment(datetime(2026, 11, 27, 1, 59), time(2))
    datetime.datetime(2026, 11, 27, 2, 0)
    >>> next_moment(datetime(2026, 11, 27, 2, 0), time(2))
    datetime.datetime(2026, 11, 28, 2, 0)
    """
    today = datetime.combine(now.date(), at)
    return today if now < today else today + timedelta(days=1)
