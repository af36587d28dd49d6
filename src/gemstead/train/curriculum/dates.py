"""Time: clock times, durations, weekdays, leap years, calendars, schedules, ages."""

from __future__ import annotations

from random import Random

from gemstead.train.curriculum.draft import Draft
from gemstead.train.curriculum.lessons import Lessons

DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def _clock(rng: Random) -> str:
    return f"{rng.randint(0, 23):02d}:{rng.choice([rng.randint(0, 59), rng.choice([0, 15, 30, 45])]):02d}"


def _clocks(rng: Random) -> object:
    return [_clock(rng) for _ in range(rng.randint(0, 5))]


def _year(rng: Random) -> object:
    return rng.choice([rng.randint(1580, 2120), rng.randint(395, 525) * 4, rng.randint(16, 21) * 100])


def _iso(rng: Random) -> str:
    return f"{rng.randint(1990, 2030)}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}"


def _minutes_span(rng: Random) -> tuple[int, int]:
    start = rng.randint(0, 20)
    return (start, start + rng.randint(1, 8))


def _spans(rng: Random) -> object:
    return [_minutes_span(rng) for _ in range(rng.randint(0, 5))]


def _sessions(rng: Random) -> object:
    return [(_clock(rng), rng.randint(1, 12) * 10) for _ in range(rng.randint(0, 3))]


def _twelve(rng: Random) -> str:
    return f"{rng.randint(1, 12)}:{rng.choice([0, 5, 30, rng.randint(0, 59)]):02d} {rng.choice(['am', 'pm'])}"


lesson = Lessons(
    "dates",
    kinds={
        "clock": ("str", "a time in the form 'HH:MM' (24 hours)", _clock),
        "clocks": ("list[str]", "a list of times in the form 'HH:MM'", _clocks),
        "twelve": ("str", "a time such as '7:05 pm'", _twelve),
        "minutes": (
            "int",
            "a number of minutes",
            lambda r: r.choice([r.randint(0, 59), r.randint(0, 300), r.randint(0, 1439)]),
        ),
        "shift": (
            "int",
            "a number of minutes, possibly negative",
            lambda r: r.choice([r.randint(-90, 90), r.randint(-800, 1600)]),
        ),
        "seconds": (
            "int",
            "a number of seconds",
            lambda r: r.choice([r.randint(0, 59), r.randint(0, 3599), r.randint(0, 100000)]),
        ),
        "hour": ("int", "an hour from 0 to 23", lambda r: r.randint(0, 23)),
        "minute": ("int", "a minute from 0 to 59", lambda r: r.choice([r.randint(0, 59), r.choice([0, 15, 30, 45])])),
        "year": ("int", "a year", _year),
        "month": ("int", "a month from 1 to 12", lambda r: r.randint(1, 12)),
        "day": ("int", "a day from 1 to 28", lambda r: r.randint(1, 28)),
        "wd": ("str", "the English name of a weekday", lambda r: r.choice(DAYS)),
        "wdn": ("int", "a weekday from 0 (Monday) to 6 (Sunday)", lambda r: r.randint(0, 6)),
        "wds": (
            "list[str]",
            "a list of English weekday names",
            lambda r: [r.choice(DAYS) for _ in range(r.randint(0, 6))],
        ),
        "offset": (
            "int",
            "a number of days, possibly negative",
            lambda r: r.choice([r.randint(-10, 10), r.randint(-400, 400)]),
        ),
        "days": (
            "int",
            "a number of days",
            lambda r: r.choice([r.randint(0, 14), r.randint(0, 100), r.randint(0, 800)]),
        ),
        "iso": ("str", "a date in the form 'YYYY-MM-DD'", _iso),
        "isos": (
            "list[str]",
            "a list of dates in the form 'YYYY-MM-DD'",
            lambda r: [_iso(r) for _ in range(r.randint(0, 4))],
        ),
        "spans": ("list[tuple[int, int]]", "a list of tuples (start, end) of hours with start < end", _spans),
        "span": ("tuple[int, int]", "a tuple (start, end) of hours with start < end", _minutes_span),
        "sessions": ("list[tuple[str, int]]", "a list of tuples (start time 'HH:MM', length in minutes)", _sessions),
        "durations": (
            "list[int]",
            "a list of durations in minutes",
            lambda r: [r.choice([r.randint(1, 12) * 5, r.randint(1, 150)]) for _ in range(r.randint(0, 6))],
        ),
        "born": (
            "tuple[int, int, int]",
            "a date as a tuple (year, month, day)",
            lambda r: (r.randint(1950, 2000), r.randint(1, 12), r.randint(1, 28)),
        ),
        "today": (
            "tuple[int, int, int]",
            "a later date as a tuple (year, month, day)",
            lambda r: (r.randint(2001, 2030), r.randint(1, 12), r.randint(1, 28)),
        ),
        "dur": ("str", "a duration such as '2h 5m'", lambda r: f"{r.randint(0, 12)}h {r.randint(0, 59)}m"),
        "mlen": ("int", "a length from 28 to 31", lambda r: r.randint(28, 31)),
        "yday": ("int", "a number from 1 to 365", lambda r: r.randint(1, 365)),
        "names": (
            "list[str]",
            "a list of different names",
            lambda r: r.sample(["Ann", "Bo", "Cid", "Dee", "Eli"], r.randint(1, 4)),
        ),
        "maybe": (
            "str",
            "a string",
            lambda r: r.choice(
                [
                    _clock(r),
                    _clock(r),
                    f"{r.randint(20, 40)}:{r.randint(10, 80)}",
                    f"{r.randint(0, 30)}:{r.randint(0, 70)}",
                    r.choice(["noon", "12-30", "1a:20", "", "07.45", "123:4"]),
                ]
            ),
        ),
        "stay": ("int", "a number of nights", lambda r: r.randint(1, 10)),
    },
)
SPLIT = "hours, minutes = map(int, $time.split(':'))\n"


@lesson
def part_of_day(g: Random) -> Draft:
    a, b, c = g.choice([(6, 12, 18), (5, 11, 17), (7, 12, 19), (6, 10, 22), (8, 14, 20)])
    w = g.choice(
        [
            ("night", "morning", "afternoon", "evening"),
            ("closed", "early", "main", "late"),
            ("dark", "rising", "bright", "setting"),
        ]
    )
    form = g.random() < 0.5
    h = "int($time[:2])" if form else "$hour"
    arg = "time:clock" if form else "hour:hour"
    sp = "@time" if form else "@hour"
    return lesson.draft(
        g,
        "[part_of_day|day_part|phase|time_of_day]",
        arg,
        "str",
        f"'{w[0]}' if the hour of {sp} is before {a}, '{w[1]}' if it is before {b}, '{w[2]}' if it is before {c}, and '{w[3]}' from {c} on",
        f"hour = {h}\nif hour < {a}:\n    return '{w[0]}'\nif hour < {b}:\n    return '{w[1]}'\nif hour < {c}:\n    return '{w[2]}'\nreturn '{w[3]}'"
        if form
        else f"if $hour < {a}:\n    return '{w[0]}'\nif $hour < {b}:\n    return '{w[1]}'\nif $hour < {c}:\n    return '{w[2]}'\nreturn '{w[3]}'",
        f"for end, word in (({a}, '{w[0]}'), ({b}, '{w[1]}'), ({c}, '{w[2]}')):\n    if {h} < end:\n        return word\nreturn '{w[3]}'",
        tellings=(
            f"{'@time is a time on the 24-hour clock' if form else '@hour is an hour of the day'}. Hours below {a} count as '{w[0]}', hours from {a} up to but not including {b} as '{w[1]}', from {b} up to but not including {c} as '{w[2]}', all later ones as '{w[3]}'. Return the right word.",
            f"The day is divided like this: '{w[0]}' lasts from midnight until {a}:00, '{w[1]}' until {b}:00, '{w[2]}' until {c}:00, '{w[3]}' until midnight. A part begins exactly at its first hour. Return the part of the day for {'the time' if form else 'the hour'} {sp}.",
        ),
    )


@lesson
def clock_difference(g: Random) -> Draft:
    what, kind, one, two = g.choice(
        [
            (
                "the number of minutes from @begin to @end, where @end is on the next day if it is not later than @begin",
                "int",
                "diff = to_minutes($end) - to_minutes($begin)\nreturn diff if diff > 0 else diff + 1440",
                "diff = (to_minutes($end) - to_minutes($begin)) % 1440\nreturn diff or 1440",
            ),
            (
                "the number of minutes from the earlier to the later one of the two times @begin and @end of the same day",
                "int",
                "return abs(to_minutes($end) - to_minutes($begin))",
                "early, late = sorted([$begin, $end])\nreturn to_minutes(late) - to_minutes(early)",
            ),
            (
                "the time that lies exactly in the middle between @begin and @end on the same day, rounded down to whole minutes, in the form 'HH:MM'",
                "str",
                "middle = (to_minutes($begin) + to_minutes($end)) // 2\nreturn f'{middle // 60:02d}:{middle % 60:02d}'",
                "half = (to_minutes($begin) + to_minutes($end)) // 2\nreturn str(half // 60).zfill(2) + ':' + str(half % 60).zfill(2)",
            ),
            (
                "the shortest number of minutes by which the hand of a 24-hour clock must be turned, forwards or backwards, to get from @begin to @end",
                "int",
                "diff = abs(to_minutes($end) - to_minutes($begin))\nreturn min(diff, 1440 - diff)",
                "forward = (to_minutes($end) - to_minutes($begin)) % 1440\nreturn forward if forward <= 720 else 1440 - forward",
            ),
            (
                "how long it is from @begin to @end (on the next day if @end is earlier), as a string such as '2h 5m'",
                "str",
                "diff = (to_minutes($end) - to_minutes($begin)) % 1440\nreturn f'{diff // 60}h {diff % 60}m'",
                None,
            ),
        ]
    )
    head = "def to_minutes(clock: str) -> int:\n    hours, minutes = clock.split(':')\n    return int(hours) * 60 + int(minutes)\n\n"
    head2 = "def to_minutes(t):\n    return int(t[:2]) * 60 + int(t[3:])\n\n"
    return lesson.draft(
        g,
        "[time_between|clock_difference|minutes_between|from_to]",
        "begin:clock end:clock",
        kind,
        what,
        head + one,
        *((head2 + two,) if two else ()),
        tellings=(
            f"You are given two times @begin and @end as strings in the 24-hour form 'HH:MM'. [Return|Return|Your task is to return|Write a function that returns|The function should return|You should return] {what}.",
            f"[Wanted|Result|Output|To be returned|What to return]: {what}. You are given two times @begin and @end as strings in the 24-hour form 'HH:MM'.",
        ),
        plan="I turn both times into minutes since midnight and compare those.",
    )


@lesson
def shift_clock(g: Random) -> Draft:
    days = g.random() < 0.3
    step = g.choice([5, 10, 15, 30])
    what, kind, one, two = g.choice(
        [
            (
                "the time on the clock @shift minutes after @time (before it if @shift is negative), in the form 'HH:MM'",
                "str",
                SPLIT + "total = (hours * 60 + minutes + $shift) % 1440\nreturn f'{total // 60:02d}:{total % 60:02d}'",
                "total = int($time[:2]) * 60 + int($time[3:]) + $shift\nwhile total < 0:\n    total += 1440\nwhile total >= 1440:\n    total -= 1440\nreturn str(total // 60).zfill(2) + ':' + str(total % 60).zfill(2)",
            ),
            (
                "how many days later (negative for earlier, 0 for the same day) it is when @shift minutes have been added to @time",
                "int",
                SPLIT + "return (hours * 60 + minutes + $shift) // 1440",
                "total = int($time[:2]) * 60 + int($time[3:]) + $shift\ndays = 0\nwhile total < 0:\n    total += 1440\n    days -= 1\nwhile total >= 1440:\n    total -= 1440\n    days += 1\nreturn days",
            ),
            (
                "True if adding @shift minutes to @time leads to another calendar day",
                "bool",
                SPLIT + "return not 0 <= hours * 60 + minutes + $shift < 1440",
                "total = int($time[:2]) * 60 + int($time[3:]) + $shift\nreturn total < 0 or total >= 1440",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[shift_clock|add_minutes|move_time|later_or_earlier]",
        "time:clock shift:shift",
        kind,
        what,
        one,
        two,
        tellings=(
            f"Given are a time @time on the 24-hour clock and a number of minutes @shift that may be negative. Return {what}.",
            f"A clock shows @time. Now @shift minutes are added; a negative number means going back. {'A day has 1440 minutes. ' if days or step > 10 else ''}Return {what}.",
        ),
    )


@lesson
def round_clock(g: Random) -> Draft:
    k = g.choice([5, 10, 15, 20, 30])
    way, op = g.choice(
        [("down", "total // {k} * {k}"), ("up", "-(-total // {k}) * {k}"), ("near", "(total + {h}) // {k} * {k}")]
    )
    said = {
        "down": f"rounded down to a multiple of {k} minutes",
        "up": f"rounded up to a multiple of {k} minutes",
        "near": f"rounded to the nearest multiple of {k} minutes"
        + (f" (exactly {k // 2} minutes are rounded up)" if k % 2 == 0 else ""),
    }[way]
    code = op.format(k=k, h=k // 2)
    alt = {
        "down": f"total -= total % {k}",
        "up": f"while total % {k} != 0:\n    total += 1",
        "near": f"rest = total % {k}\ntotal += {k} - rest if rest * 2 >= {k} else -rest",
    }[way]
    return lesson.draft(
        g,
        "[round_time|rounded_clock|time_slot|snap_time]",
        "time:clock",
        "str",
        f"the time @time {said}, in the form 'HH:MM', where 24:00 is written as '00:00'"
        if way != "down"
        else f"the time @time {said}, in the form 'HH:MM'",
        SPLIT
        + f"total = hours * 60 + minutes\ntotal = {code} % 1440\nreturn f'{{total // 60:02d}}:{{total % 60:02d}}'",
        f"total = int($time[:2]) * 60 + int($time[3:])\n{alt}\nhours, minutes = divmod(total, 60)\nreturn f'{{hours % 24:02d}}:{{minutes:02d}}'",
        tellings=(
            f"Times are strings such as '08:05'. Take @time and return it {said}, as a string of the same form{'' if way == 'down' else ' (write 00:00 for 24:00)'}.",
            f"A time recorder does not store exact times: every time is {said}. Return what it stores for @time, again as 'HH:MM'"
            + ("; midnight at the end of the day is '00:00'." if way != "down" else "."),
        ),
    )


@lesson
def twelve_hours(g: Random) -> Draft:
    am, pm = g.choice([("am", "pm"), ("AM", "PM"), ("a.m.", "p.m.")])
    if g.random() < 0.5:
        return lesson.draft(
            g,
            "[to_twelve|twelve_hour_clock|american_time|with_am_pm]",
            "time:clock",
            "str",
            f"the 24-hour time @time in the 12-hour form with '{am}' or '{pm}', without a leading zero in the hour, as in '12:05 {am}' for '00:05'",
            SPLIT + f"part = '{am}' if hours < 12 else '{pm}'\nreturn f'{{hours % 12 or 12}}:{{minutes:02d}} {{part}}'",
            f"hour = int($time[:2])\nend = $time[3:] + ' {am}'\nif hour >= 12:\n    end = $time[3:] + ' {pm}'\n    hour -= 12\nif hour == 0:\n    hour = 12\nreturn str(hour) + ':' + end",
            tellings=(
                f"Convert @time from 'HH:MM' on the 24-hour clock to the 12-hour clock. Hours 0 to 11 are '{am}', hours 12 to 23 are '{pm}'; hour 0 and hour 12 are both written as 12. '13:07' becomes '1:07 {pm}'. Return the new string.",
            ),
        )
    what, kind, end = g.choice(
        [
            (
                "the 12-hour time @time as a 24-hour time in the form 'HH:MM'",
                "str",
                "return f'{hours:02d}:{minutes}'",
            ),
            (
                "the number of minutes since midnight at the 12-hour time @time",
                "int",
                "return hours * 60 + int(minutes)",
            ),
            (
                "the number of minutes from the 12-hour time @time until the next midnight (1440 at midnight itself)",
                "int",
                "return 1440 - hours * 60 - int(minutes)",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[from_twelve|twenty_four|parse_am_pm|read_time]",
        "time:twelve",
        kind,
        f"{what}; '12:30 am' is half past midnight and '12:30 pm' half past noon",
        f"clock, part = $time.split()\nhours, minutes = clock.split(':')\nhours = int(hours) % 12 + (12 if part == 'pm' else 0)\n{end}",
        f"hours, minutes = $time[:-3].split(':')\nhours = int(hours)\nif $time.endswith('am') and hours == 12:\n    hours = 0\nelif $time.endswith('pm') and hours != 12:\n    hours += 12\n{end}",
        tellings=(
            f"@time is a time like '7:05 pm', with 'am' for the first and 'pm' for the second half of the day. The hour is 12 at midnight ('am') and at noon ('pm'). [Return|Return|Your task is to return|Write a function that returns|The function should return|You should return] {what}.",
            f"[Wanted|Result|Output|To be returned|What to return]: {what}. @time is a time like '7:05 pm', with 'am' for the first and 'pm' for the second half of the day. The hour is 12 at midnight ('am') and at noon ('pm').",
        ),
    )


@lesson
def duration_text(g: Random) -> Draft:
    what, sig, one, two = g.choice(
        [
            (
                "@seconds seconds as a text such as '1h 2m 3s' that leaves out the parts that are 0, and '0s' for 0",
                "seconds:seconds",
                "parts = []\nfor size, sign in ((3600, 'h'), (60, 'm'), (1, 's')):\n    if $seconds >= size:\n        parts.append(f'{$seconds // size}{sign}')\n        $seconds %= size\nreturn ' '.join(parts) or '0s'",
                "h, rest = divmod($seconds, 3600)\nm, s = divmod(rest, 60)\nparts = [f'{n}{u}' for n, u in ((h, 'h'), (m, 'm'), (s, 's')) if n > 0]\nreturn ' '.join(parts) if parts else '0s'",
            ),
            (
                "@minutes minutes in words, such as '1 hour 30 minutes', '2 hours' or '1 minute': parts that are 0 are left out, the singular is used for 1, and 0 gives '0 minutes'",
                "minutes:minutes",
                "parts = []\nfor n, word in (($minutes // 60, 'hour'), ($minutes % 60, 'minute')):\n    if n > 0:\n        parts.append(f'{n} {word}' + ('s' if n > 1 else ''))\nreturn ' '.join(parts) or '0 minutes'",
                "h, m = divmod($minutes, 60)\ntext = ''\nif h:\n    text = '1 hour' if h == 1 else f'{h} hours'\nif m:\n    text += ' ' if text else ''\n    text += '1 minute' if m == 1 else f'{m} minutes'\nreturn text or '0 minutes'",
            ),
            (
                "@seconds seconds as 'M:SS', or as 'H:MM:SS' if it is an hour or more",
                "seconds:seconds",
                "h, rest = divmod($seconds, 3600)\nm, s = divmod(rest, 60)\nreturn f'{h}:{m:02d}:{s:02d}' if h else f'{m}:{s:02d}'",
                "text = str($seconds % 60).zfill(2)\nminutes = $seconds // 60\nif minutes < 60:\n    return f'{minutes}:{text}'\nreturn f'{minutes // 60}:{minutes % 60:02d}:{text}'",
            ),
            (
                "the largest unit that fits @seconds at least once, with its number, rounded down: '3 days', '5 hours', '2 minutes' or '7 seconds' (always in the plural form)",
                "seconds:seconds",
                "for size, unit in ((86400, 'days'), (3600, 'hours'), (60, 'minutes')):\n    if $seconds >= size:\n        return f'{$seconds // size} {unit}'\nreturn f'{$seconds} seconds'",
                "if $seconds < 60:\n    return f'{$seconds} seconds'\nif $seconds < 3600:\n    return f'{$seconds // 60} minutes'\nif $seconds < 86400:\n    return f'{$seconds // 3600} hours'\nreturn f'{$seconds // 86400} days'",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[duration_text|show_duration|spoken_time|readable_time]",
        sig,
        "str",
        what,
        one,
        two,
        tellings=(
            f"A stopwatch app wants to show durations in a readable way. [Return|Return|Your task is to return|Write a function that returns|The function should return|You should return] {what}.",
            f"[Wanted|Result|Output|To be returned|What to return]: {what}. A stopwatch app wants to show durations in a readable way.",
        ),
    )


@lesson
def parse_duration(g: Random) -> Draft:
    k = g.choice([60, 90, 120])
    what, kind, sig, one, two = g.choice(
        [
            (
                "the duration @text in minutes",
                "int",
                "text:dur",
                "hours, minutes = $text.split()\nreturn int(hours[:-1]) * 60 + int(minutes[:-1])",
                "total = 0\nfor part in $text.split(' '):\n    if part.endswith('h'):\n        total += 60 * int(part[:-1])\n    else:\n        total += int(part[:-1])\nreturn total",
            ),
            (
                "the sum of the two durations @p and @q in the same form, with less than 60 minutes in the second part",
                "str",
                "p:dur q:dur",
                "total = 0\nfor text in ($p, $q):\n    h, m = text.split()\n    total += int(h[:-1]) * 60 + int(m[:-1])\nreturn f'{total // 60}h {total % 60}m'",
                "h1, m1 = $p[:-1].split('h ')\nh2, m2 = $q[:-1].split('h ')\nhours = int(h1) + int(h2)\nminutes = int(m1) + int(m2)\nif minutes >= 60:\n    hours, minutes = hours + 1, minutes - 60\nreturn str(hours) + 'h ' + str(minutes) + 'm'",
            ),
            (
                f"True if the duration @text is longer than {k} minutes",
                "bool",
                "text:dur",
                f"hours, minutes = $text.split()\nreturn int(hours[:-1]) * 60 + int(minutes[:-1]) > {k}",
                f"h, m = $text.replace('h', '').replace('m', '').split()\nreturn 60 * int(h) + int(m) > {k}",
            ),
            (
                "the longer one of the durations @p and @q, or @p if both are equally long",
                "str",
                "p:dur q:dur",
                "def length(text: str) -> int:\n    h, m = text.split()\n    return int(h[:-1]) * 60 + int(m[:-1])\n\nreturn $p if length($p) >= length($q) else $q",
                "return max([$p, $q], key=lambda t: tuple(int(part[:-1]) for part in t.split()))",
            ),
            (
                "the duration @text as hours with two decimals, so that '1h 30m' is 1.5",
                "float",
                "text:dur",
                "hours, minutes = $text.split()\nreturn round(int(hours[:-1]) + int(minutes[:-1]) / 60, 2)",
                None,
            ),
        ]
    )
    return lesson.draft(
        g,
        "[duration|parse_duration|read_duration|length_of_time]",
        sig,
        kind,
        what,
        one,
        *((two,) if two else ()),
        tellings=(
            f"Durations are strings like '2h 5m', with a whole number of hours and then the minutes. [Return|Return|Your task is to return|Write a function that returns|The function should return|You should return] {what}.",
            f"[Wanted|Result|Output|To be returned|What to return]: {what}. Durations are strings like '2h 5m', with a whole number of hours and then the minutes.",
        ),
    )


@lesson
def leap_variants(g: Random) -> Draft:
    leap = "y % 4 == 0 and (y % 100 != 0 or y % 400 == 0)"

    def inl(v: str) -> str:
        return leap.replace("y", v)

    k = g.choice([5, 10, 20])
    what, kind, sig, one, two = g.choice(
        [
            (
                "the first leap year after @year (not @year itself)",
                "int",
                "year:year",
                f"y = $year + 1\nwhile not ({leap}):\n    y += 1\nreturn y",
                "$year += 1\nwhile $year % 4 != 0 or ($year % 100 == 0 and $year % 400 != 0):\n    $year += 1\nreturn $year",
            ),
            (
                "the number of days in the year @year",
                "int",
                "year:year",
                f"return 366 if {inl('$year')} else 365",
                "if $year % 400 == 0:\n    return 366\nif $year % 100 == 0:\n    return 365\nreturn 366 if $year % 4 == 0 else 365",
            ),
            (
                f"how many leap years there are among the {k} years that begin with @year",
                "int",
                "year:year",
                f"return sum(1 for y in range($year, $year + {k}) if {leap})",
                f"count = 0\nfor y in range($year, $year + {k}):\n    if y % 400 == 0 or (y % 4 == 0 and y % 100 != 0):\n        count += 1\nreturn count",
            ),
            (
                "how many years ago, seen from @year, the last leap year was (0 if @year is one)",
                "int",
                "year:year",
                f"y = $year\nwhile not ({leap}):\n    y -= 1\nreturn $year - y",
                "ago = 0\nwhile True:\n    y = $year - ago\n    if y % 400 == 0 or (y % 4 == 0 and y % 100 != 0):\n        return ago\n    ago += 1",
            ),
            (
                "the word for @year: 'century' if it is a leap year divisible by 100, 'leap' if it is another leap year, 'skipped' if it is divisible by 4 but no leap year, and 'common' otherwise",
                "str",
                "year:year",
                "if $year % 4 != 0:\n    return 'common'\nif $year % 400 == 0:\n    return 'century'\nreturn 'skipped' if $year % 100 == 0 else 'leap'",
                "if $year % 400 == 0:\n    return 'century'\nif $year % 100 == 0:\n    return 'skipped'\nif $year % 4 == 0:\n    return 'leap'\nreturn 'common'",
            ),
            (
                "the length of February in the planet calendar of year @year, where every year divisible by 5 has 30 days in February, except that years divisible by 50 have 29, and all other years have 28",
                "int",
                "year:year",
                "if $year % 50 == 0:\n    return 29\nif $year % 5 == 0:\n    return 30\nreturn 28",
                "return 28 if $year % 5 else 29 if $year % 50 == 0 else 30",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[leap_task|about_year|year_info|leap_years]",
        sig,
        kind,
        what,
        one,
        two,
        tellings=(
            f"A year is a leap year if it is divisible by 4, but years divisible by 100 are leap years only if they are divisible by 400. [Return|Return|Your task is to return|Write a function that returns|The function should return|You should return] {what}.",
            f"[Wanted|Result|Output|To be returned|What to return]: {what}. A year is a leap year if it is divisible by 4, but years divisible by 100 are leap years only if they are divisible by 400.",
        )
        if "planet" not in what
        else (
            f"On a distant planet the calendar has its own rules. [Return|Return|Your task is to return|Write a function that returns|The function should return|You should return] {what}.",
        ),
    )


@lesson
def weekday_shift(g: Random) -> Draft:
    names = "days = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']\n"
    short = "names = 'Monday Tuesday Wednesday Thursday Friday Saturday Sunday'.split()\n"
    target = g.choice(DAYS)
    what, kind, sig, one, two = g.choice(
        [
            (
                "the weekday @offset days after @day (before it if @offset is negative)",
                "str",
                "day:wd offset:offset",
                names + "return days[(days.index($day) + $offset) % 7]",
                short
                + "i = names.index($day)\nwhile $offset > 0:\n    i = (i + 1) % 7\n    $offset -= 1\nwhile $offset < 0:\n    i = (i - 1) % 7\n    $offset += 1\nreturn names[i]",
            ),
            (
                f"how many days after @day the next {target} is, from 1 to 7 (7 if @day is itself a {target})",
                "int",
                "day:wd",
                names + f"return (days.index('{target}') - days.index($day)) % 7 or 7",
                short
                + f"i, wait = names.index($day), 0\nwhile True:\n    i = (i + 1) % 7\n    wait += 1\n    if names[i] == '{target}':\n        return wait",
            ),
            (
                "the next working day (Monday to Friday) after @day",
                "str",
                "day:wd",
                "days = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday']\nif $day not in days or $day == 'Friday':\n    return 'Monday'\nreturn days[days.index($day) + 1]",
                short + "i = (names.index($day) + 1) % 7\nreturn names[i] if i < 5 else 'Monday'",
            ),
            (
                "the smaller number of days between the weekdays @p and @q, counted in either direction around the week",
                "int",
                "p:wd q:wd",
                names + "diff = abs(days.index($p) - days.index($q))\nreturn min(diff, 7 - diff)",
                short + "ahead = (names.index($p) - names.index($q)) % 7\nreturn ahead if ahead <= 3 else 7 - ahead",
            ),
            (
                "a list of the weekdays from @p to @q, both included, going on after Sunday with Monday",
                "list[str]",
                "p:wd q:wd",
                names
                + "i = days.index($p)\nresult = [$p]\nwhile result[-1] != $q:\n    i = (i + 1) % 7\n    result.append(days[i])\nreturn result",
                short
                + "start, end = names.index($p), names.index($q)\nif end < start:\n    end += 7\nreturn [names[i % 7] for i in range(start, end + 1)]",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[weekday|weekday_shift|week_task|which_day]",
        sig,
        kind,
        what,
        one,
        two,
        tellings=(
            f"The week has seven days, 'Monday' to 'Sunday', and then begins again. [Return|Return|Your task is to return|Write a function that returns|The function should return|You should return] {what}.",
            f"[Wanted|Result|Output|To be returned|What to return]: {what}. The week has seven days, 'Monday' to 'Sunday', and then begins again.",
        ),
    )


@lesson
def weekday_in_month(g: Random) -> Draft:
    n, w = g.choice([("first", 0), ("second", 1), ("third", 2)])
    di = g.randint(0, 6)
    what, sig, one, two = g.choice(
        [
            (
                f"the date (day of the month) of the {n} {DAYS[di]} in a month whose first day is the weekday @start",
                "start:wdn",
                f"return ({di} - $start) % 7 + {7 * w + 1}",
                f"found = 0\nfor date in range(1, 32):\n    if ($start + date - 1) % 7 == {di}:\n        found += 1\n        if found == {w + 1}:\n            return date",
            ),
            (
                f"how many {DAYS[di]}s there are in a month of @length days whose first day is the weekday @start",
                "start:wdn length:mlen",
                f"return sum(1 for date in range($length) if ($start + date) % 7 == {di})",
                f"first = ({di} - $start) % 7\nreturn ($length - first + 6) // 7",
            ),
            (
                "how many rows a calendar page needs for a month of @length days whose first day is the weekday @start, if each row shows a week from Monday to Sunday",
                "start:wdn length:mlen",
                "return -(-($start + $length) // 7)",
                "rows, column = 1, $start\nfor _ in range($length - 1):\n    column += 1\n    if column == 7:\n        column = 0\n        rows += 1\nreturn rows",
            ),
            (
                "the number of days from Monday to Friday in a month of @length days whose first day is the weekday @start",
                "start:wdn length:mlen",
                "return sum(($start + date) % 7 < 5 for date in range($length))",
                "work = 0\nday = $start\nfor _ in range($length):\n    if day < 5:\n        work += 1\n    day = (day + 1) % 7\nreturn work",
            ),
            (
                "the weekday (0 to 6) of the last day of a month of @length days whose first day is the weekday @start",
                "start:wdn length:mlen",
                "return ($start + $length - 1) % 7",
                "day = $start\nfor _ in range($length - 1):\n    day = 0 if day == 6 else day + 1\nreturn day",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[calendar_page|in_month|month_days|calendar_task]",
        sig,
        "int",
        what,
        one,
        two,
        tellings=(
            f"Weekdays are numbered from 0 for Monday to 6 for Sunday. [Return|Return|Your task is to return|Write a function that returns|The function should return|You should return] {what}.",
            f"[Wanted|Result|Output|To be returned|What to return]: {what}. Weekdays are numbered from 0 for Monday to 6 for Sunday.",
        ),
        notes=("[Monday is 0 and Sunday is 6.|The number 0 stands for Monday, 6 for Sunday.]",),
    )


@lesson
def day_of_year(g: Random) -> Draft:
    lens = "lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]\n"
    what, kind, sig, one, two = g.choice(
        [
            (
                "the number of the day within a year that is not a leap year, for day @day of month @month",
                "int",
                "month:month day:day",
                lens + "return sum(lengths[:$month - 1]) + $day",
                lens + "total = $day\nfor i in range($month - 1):\n    total += lengths[i]\nreturn total",
            ),
            (
                "a tuple (month, day) for the day number @number of a year that is not a leap year",
                "tuple[int, int]",
                "number:yday",
                lens
                + "month = 1\nfor size in lengths:\n    if $number <= size:\n        break\n    $number -= size\n    month += 1\nreturn (month, $number)",
                lens
                + "i = 0\nwhile $number > lengths[i]:\n    $number -= lengths[i]\n    i += 1\nreturn (i + 1, $number)",
            ),
            (
                "how many days are left after day @day of month @month until the end of a year that is not a leap year",
                "int",
                "month:month day:day",
                lens + "return 365 - sum(lengths[:$month - 1]) - $day",
                lens + "return lengths[$month - 1] - $day + sum(lengths[$month:])",
            ),
            (
                "the number of days in all months before month @month in the year @year, with leap years taken into account",
                "int",
                "year:year month:month",
                lens
                + "if $year % 4 == 0 and ($year % 100 != 0 or $year % 400 == 0):\n    lengths[1] = 29\nreturn sum(lengths[:$month - 1])",
                "total = 0\nfor m in range(1, $month):\n    if m == 2:\n        leap = $year % 400 == 0 or ($year % 4 == 0 and $year % 100 != 0)\n        total += 29 if leap else 28\n    else:\n        total += 30 if m in (4, 6, 9, 11) else 31\nreturn total",
            ),
            (
                "the date as a tuple (month, day) one day after day @day of month @month in a year of a simplified calendar in which every month has 28 days and month 12 is followed by month 1",
                "tuple[int, int]",
                "month:month day:day",
                "if $day < 28:\n    return ($month, $day + 1)\nreturn ($month % 12 + 1, 1)",
                "$day += 1\nif $day > 28:\n    $day = 1\n    $month = 1 if $month == 12 else $month + 1\nreturn ($month, $day)",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[day_number|day_of_year|year_day|calendar_day]",
        sig,
        kind,
        what,
        one,
        two,
        tellings=(
            f"Months are numbered from 1 (January) to 12 (December). [Return|Return|Your task is to return|Write a function that returns|The function should return|You should return] {what}.",
            f"[Wanted|Result|Output|To be returned|What to return]: {what}. Months are numbered from 1 (January) to 12 (December).",
        ),
    )


@lesson
def age_task(g: Random) -> Draft:
    limit = g.choice([16, 18, 21, 65])
    what, kind, one, two = g.choice(
        [
            (
                "the age in full years of a person born on @born on the day @today",
                "int",
                "years = $today[0] - $born[0]\nif $today[1:] < $born[1:]:\n    years -= 1\nreturn years",
                "return $today[0] - $born[0] - (($today[1], $today[2]) < ($born[1], $born[2]))",
            ),
            (
                f"True if a person born on @born is at least {limit} years old on the day @today",
                "bool",
                f"y, m, d = $born\nreturn (y + {limit}, m, d) <= $today",
                f"age = $today[0] - $born[0]\nif $today[1:] < $born[1:]:\n    age -= 1\nreturn age >= {limit}",
            ),
            (
                "the number of full months between @born and @today (a month is full when its day number is reached)",
                "int",
                "months = ($today[0] - $born[0]) * 12 + $today[1] - $born[1]\nreturn months - ($today[2] < $born[2])",
                "years, months = $today[0] - $born[0], $today[1] - $born[1]\ntotal = 12 * years + months\nif $today[2] < $born[2]:\n    total -= 1\nreturn total",
            ),
            (
                "the year in which a person born on @born has the next birthday on or after the day @today",
                "int",
                "return $today[0] if $born[1:] >= $today[1:] else $today[0] + 1",
                "year = $today[0]\nif ($born[1], $born[2]) < ($today[1], $today[2]):\n    year += 1\nreturn year",
            ),
            (
                "the number of days from @today until the next birthday of a person born on @born, in a simplified calendar in which every month has 30 days (0 on the birthday itself)",
                "int",
                "now = $today[1] * 30 + $today[2]\nparty = $born[1] * 30 + $born[2]\nreturn (party - now) % 360",
                "days = ($born[1] - $today[1]) * 30 + $born[2] - $today[2]\nif days < 0:\n    days += 360\nreturn days",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[age|birthday|age_task|years_old]",
        "born:born today:today",
        kind,
        what,
        one,
        two,
        tellings=(
            f"Dates are tuples (year, month, day), and @today is later than @born. [Return|Return|Your task is to return|Write a function that returns|The function should return|You should return] {what}.",
            f"[Wanted|Result|Output|To be returned|What to return]: {what}. Dates are tuples (year, month, day), and @today is later than @born.",
        ),
        plan="I compare month and day of the two dates.",
    )


@lesson
def generation_of(g: Random) -> Draft:
    start = g.choice([1900, 1950, 2000])
    k = g.choice([10, 15, 20, 25])
    what, kind, one, two = g.choice(
        [
            (
                f"the number of the period of {k} years in which @year lies, where period 0 begins in {start} (earlier years give negative numbers)",
                "int",
                f"return ($year - {start}) // {k}",
                f"number, first = 0, {start}\nwhile $year >= first + {k}:\n    first += {k}\n    number += 1\nwhile $year < first:\n    first -= {k}\n    number -= 1\nreturn number",
            ),
            (
                f"a tuple with the first and the last year of the period of {k} years in which @year lies, where one of the periods begins in {start}",
                "tuple[int, int]",
                f"first = $year - ($year - {start}) % {k}\nreturn (first, first + {k - 1})",
                None,
            ),
            (
                "the decade of @year as a string, such as '1980s'",
                "str",
                "return f'{$year // 10 * 10}s'",
                "return str($year)[:-1] + '0s'",
            ),
            (
                f"the first year after @year that ends with the same digit as {start + k // 5}",
                "int",
                f"y = $year + 1\nwhile y % 10 != {(start + k // 5) % 10}:\n    y += 1\nreturn y",
                f"return $year + (({(start + k // 5) % 10} - $year) % 10 or 10)",
            ),
            (
                "the next year after @year in which no digit occurs twice",
                "int",
                "y = $year + 1\nwhile len(set(str(y))) < len(str(y)):\n    y += 1\nreturn y",
                None,
            ),
            (
                f"the number of jubilees (years divisible by {k}) from {start} to @year, both included, or 0 if @year is before {start}",
                "int",
                f"return sum(y % {k} == 0 for y in range({start}, $year + 1))",
                f"if $year < {start}:\n    return 0\nreturn $year // {k} - {start - 1} // {k}",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[period|years_task|decade|jubilee]",
        "year:year",
        kind,
        what,
        *(b for b in (one, two) if b),
        tellings=(
            f"[Given a calendar year @year, return|You get a calendar year @year. Return] {what}.",
            f"For a calendar year @year, return {what}.",
        ),
    )


@lesson
def animal_year(g: Random) -> Draft:
    names = g.sample(["fox", "owl", "bear", "wolf", "hare", "crane", "toad", "lynx", "mole"], g.randint(4, 7))
    base = g.choice([1900, 1960, 2000])
    text = "[" + ", ".join(f"'{n}'" for n in names) + "]"
    return lesson.draft(
        g,
        "[year_name|animal_of_year|cycle_name|year_animal]",
        "year:year",
        "str",
        f"the animal of @year, if the animals {', '.join(names[:-1])} and {names[-1]} follow each other in this order year by year in an endless cycle and {base} was a year of the {names[0]}",
        f"animals = {text}\nreturn animals[($year - {base}) % {len(names)}]",
        f"animals = {text}\nindex = $year % {len(names)} - {base % len(names)}\nreturn animals[index]",
        tellings=(
            f"{len(names)} animals take turns as patrons of the years: {', '.join(names)}, then from the beginning again. {base} was the year of the {names[0]}. For the calendar year @year, which may be earlier or later, return the animal.",
            f"In a fairy tale every year belongs to an animal. The order is {', '.join(names)}, and after the {names[-1]} the {names[0]} comes again; it was like this in the past, too. The year {base} belonged to the {names[0]}. Return the animal of @year.",
        ),
    )


@lesson
def iso_parts(g: Random) -> Draft:
    sep = g.choice([".", "/", " "])
    q = g.randint(2, 4)
    what, kind, sig, one, two = g.choice(
        [
            (
                f"the date @date in the form 'DD{sep}MM{sep}YYYY'",
                "str",
                "date:iso",
                f"year, month, day = $date.split('-')\nreturn f'{{day}}{sep}{{month}}{sep}{{year}}'",
                f"return '{sep}'.join(reversed($date.split('-')))",
            ),
            (
                "the date @date in words such as 'March 5, 2020'",
                "str",
                "date:iso",
                f"months = {MONTHS}\nyear, month, day = $date.split('-')\nreturn f'{{months[int(month) - 1]}} {{int(day)}}, {{year}}'",
                None,
            ),
            (
                "the number of the quarter of the year (1 to 4) in which the date @date lies",
                "int",
                "date:iso",
                "return (int($date[5:7]) + 2) // 3",
                "month = int($date.split('-')[1])\nif month <= 3:\n    return 1\nif month <= 6:\n    return 2\nreturn 3 if month <= 9 else 4",
            ),
            (
                "the season of the date @date: 'spring' for March to May, 'summer' for June to August, 'autumn' for September to November, 'winter' for the other months",
                "str",
                "date:iso",
                "month = int($date[5:7])\nif 3 <= month <= 5:\n    return 'spring'\nif 6 <= month <= 8:\n    return 'summer'\nreturn 'autumn' if 9 <= month <= 11 else 'winter'",
                "return ['winter', 'spring', 'summer', 'autumn'][int($date[5:7]) % 12 // 3]",
            ),
            (
                "the later one of the dates @p and @q",
                "str",
                "p:iso q:iso",
                "return max($p, $q)",
                "if tuple(map(int, $p.split('-'))) >= tuple(map(int, $q.split('-'))):\n    return $p\nreturn $q",
            ),
            (
                "the number of months from the month of @p to the month of @q, negative if @q is earlier",
                "int",
                "p:iso q:iso",
                "y1, m1, _ = map(int, $p.split('-'))\ny2, m2, _ = map(int, $q.split('-'))\nreturn (y2 - y1) * 12 + m2 - m1",
                "def month_number(date: str) -> int:\n    return int(date[:4]) * 12 + int(date[5:7])\n\nreturn month_number($q) - month_number($p)",
            ),
            (
                f"the first day of the month that comes {q} months after the month of @date, again in the form 'YYYY-MM-DD'",
                "str",
                "date:iso",
                f"year, month, _ = map(int, $date.split('-'))\nmonth += {q}\nif month > 12:\n    year, month = year + 1, month - 12\nreturn f'{{year}}-{{month:02d}}-01'",
                f"total = int($date[:4]) * 12 + int($date[5:7]) - 1 + {q}\nreturn f'{{total // 12}}-{{total % 12 + 1:02d}}-01'",
            ),
            (
                "the number of days from @p to @q, negative if @q is earlier",
                "int",
                "p:iso q:iso",
                "return (date.fromisoformat($q) - date.fromisoformat($p)).days",
                "return date.fromisoformat($q).toordinal() - date.fromisoformat($p).toordinal()",
            ),
            (
                "the date one week after @day, in the same form",
                "str",
                "day:iso",
                "return str(date.fromisoformat($day) + timedelta(days=7))",
                "return (date.fromisoformat($day) + timedelta(weeks=1)).isoformat()",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[date_task|convert_date|date_info|about_date]",
        sig,
        kind,
        what,
        *(b for b in (one, two) if b),
        imports=("from datetime import date", "from datetime import timedelta"),
        tellings=(
            f"Dates are strings in the form 'YYYY-MM-DD', with month and day always written with two digits. [Return|Return|Your task is to return|Write a function that returns|The function should return|You should return] {what}.",
            f"[Wanted|Result|Output|To be returned|What to return]: {what}. Dates are strings in the form 'YYYY-MM-DD', with month and day always written with two digits.",
        ),
    )


@lesson
def date_lists(g: Random) -> Draft:
    m = g.randint(4, 9)
    what, kind, one, two = g.choice(
        [
            (
                "a dictionary that counts how many of @dates lie in each year",
                "dict[str, int]",
                "counts = {}\nfor date in $dates:\n    year = date[:4]\n    counts[year] = counts.get(year, 0) + 1\nreturn counts",
                "years = [date.split('-')[0] for date in $dates]\nreturn {year: years.count(year) for year in years}",
            ),
            (
                f"a list of those @dates that lie in the months 1 to {m}, in their original order",
                "list[str]",
                f"return [date for date in $dates if int(date[5:7]) <= {m}]",
                f"result = []\nfor date in $dates:\n    if int(date.split('-')[1]) <= {m}:\n        result.append(date)\nreturn result",
            ),
            (
                "a list of @dates ordered by month and day, whatever the year; equal days stay in their order",
                "list[str]",
                "return sorted($dates, key=lambda date: date[5:])",
                None,
            ),
            (
                "the earliest of @dates, or None if there are none",
                "str | None",
                "return min($dates, default=None)",
                "first = None\nfor date in $dates:\n    if first is None or date < first:\n        first = date\nreturn first",
            ),
            (
                "True if @dates are in strictly ascending order of time",
                "bool",
                "return all(a < b for a, b in zip($dates, $dates[1:]))",
                "for i in range(1, len($dates)):\n    if $dates[i] <= $dates[i - 1]:\n        return False\nreturn True",
            ),
            (
                "a sorted list of the different years that occur in @dates, as integers",
                "list[int]",
                "return sorted({int(date[:4]) for date in $dates})",
                "years = []\nfor date in $dates:\n    year = int(date[:4])\n    if year not in years:\n        years.append(year)\nreturn sorted(years)",
            ),
            (
                "a list of the days of the month of @dates as integers, each once, in the order of their first appearance",
                "list[int]",
                "return list(dict.fromkeys(int(date[-2:]) for date in $dates))",
                "days = []\nfor date in $dates:\n    day = int(date[8:])\n    if day not in days:\n        days.append(day)\nreturn days",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[date_list|sort_dates|dates_report|pick_dates]",
        "dates:isos",
        kind,
        what,
        *(b for b in (one, two) if b),
        tellings=(
            f"@dates is a list of strings in the form 'YYYY-MM-DD', possibly empty. [Return|Return|Your task is to return|Write a function that returns|The function should return|You should return] {what}.",
            f"[Wanted|Result|Output|To be returned|What to return]: {what}. @dates is a list of strings in the form 'YYYY-MM-DD', possibly empty.",
        ),
    )


@lesson
def clock_list(g: Random) -> Draft:
    h = g.choice([8, 9, 12, 18, 20])
    what, kind, one, two = g.choice(
        [
            (
                f"a sorted list of those @times that are at {h:02d}:00 or later",
                "list[str]",
                f"return sorted(t for t in $times if t >= '{h:02d}:00')",
                f"late = []\nfor t in $times:\n    if int(t[:2]) >= {h}:\n        late.append(t)\nlate.sort()\nreturn late",
            ),
            (
                "the number of minutes between the earliest and the latest of @times, or 0 if there are fewer than two",
                "int",
                "if len($times) < 2:\n    return 0\nminutes = [int(t[:2]) * 60 + int(t[3:]) for t in $times]\nreturn max(minutes) - min(minutes)",
                "ordered = sorted($times)\ntotal = 0\nfor a, b in zip(ordered, ordered[1:]):\n    total += (int(b[:2]) - int(a[:2])) * 60 + int(b[3:]) - int(a[3:])\nreturn total",
            ),
            (
                "the longest gap in minutes between two of @times that follow each other when sorted, or 0 if there are fewer than two",
                "int",
                "minutes = sorted(int(t[:2]) * 60 + int(t[3:]) for t in $times)\nreturn max((b - a for a, b in zip(minutes, minutes[1:])), default=0)",
                "minutes = sorted(int(t.split(':')[0]) * 60 + int(t.split(':')[1]) for t in $times)\nbest = 0\nfor i in range(1, len(minutes)):\n    best = max(best, minutes[i] - minutes[i - 1])\nreturn best",
            ),
            (
                "a dictionary that maps each hour occurring in @times, as an integer, to how many of the times lie in it",
                "dict[int, int]",
                "counts = {}\nfor t in $times:\n    hour = int(t[:2])\n    counts[hour] = counts.get(hour, 0) + 1\nreturn counts",
                None,
            ),
            (
                f"the first of @times, in the given order, that is before {h:02d}:00, or None",
                "str | None",
                f"return next((t for t in $times if t < '{h:02d}:00'), None)",
                f"for t in $times:\n    if int(t[:2]) < {h}:\n        return t\nreturn None",
            ),
            (
                "how many of @times are full hours, half hours or quarter hours",
                "int",
                "return sum(t[3:] in ('00', '15', '30', '45') for t in $times)",
                "count = 0\nfor t in $times:\n    if int(t.split(':')[1]) % 15 == 0:\n        count += 1\nreturn count",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[times|clock_times|times_report|time_list]",
        "times:clocks",
        kind,
        what,
        *(b for b in (one, two) if b),
        tellings=(
            f"@times is a list of times of one day, each a string 'HH:MM' on the 24-hour clock; it may be empty and is not sorted. [Return|Return|Your task is to return|Write a function that returns|The function should return|You should return] {what}.",
            f"[Wanted|Result|Output|To be returned|What to return]: {what}. @times is a list of times of one day, each a string 'HH:MM' on the 24-hour clock; it may be empty and is not sorted.",
        ),
    )


@lesson
def opening_hours(g: Random) -> Draft:
    o, c = g.choice([(9, 18), (8, 17), (10, 20), (7, 13)])
    half = g.choice([0, 30])
    a, b = f"{o:02d}:{half:02d}", f"{c:02d}:00"
    pause = g.random() < 0.5
    p1, p2 = f"{(o + c) // 2:02d}:00", f"{(o + c) // 2 + 1:02d}:00"
    rest = f", except from {p1} until {p2}," if pause else ""
    test = f"'{a}' <= $time < '{b}'" + (f" and not '{p1}' <= $time < '{p2}'" if pause else "")
    ma, mb, m1, m2 = o * 60 + half, c * 60, (o + c) // 2 * 60, ((o + c) // 2 + 1) * 60
    t2 = f"{ma} <= now < {mb}" + (f" and (now < {m1} or now >= {m2})" if pause else "")
    wk = g.random() < 0.4
    if wk:
        return lesson.draft(
            g,
            "[is_open|shop_open|open_at]",
            "day:wd time:clock",
            "bool",
            f"True if a shop is open on the weekday @day at @time: it is open from {a} until {b}{rest.rstrip(',')}, on Saturday only until 12:00 {'without the break' if pause else ''}, and never on Sunday".replace(
                " ,", ","
            ),
            f"if $day == 'Sunday':\n    return False\nif $day == 'Saturday':\n    return '{a}' <= $time < '12:00'\nreturn {test}",
            f"now = int($time[:2]) * 60 + int($time[3:])\nif $day == 'Saturday':\n    return {ma} <= now < 720\nreturn $day != 'Sunday' and {t2}",
            tellings=(
                f"A shop opens at {a} and closes at {b}{rest.rstrip(',')}. On Saturday it opens at the same time but closes at 12:00{' (there is no break)' if pause else ''}, and on Sunday it stays closed. Return True if it is open on @day at @time. At the moment of closing it counts as closed.",
            ),
            notes=(
                "[Closing times do not belong to the opening hours.|At the exact closing time the shop is closed.]",
            ),
        )
    return lesson.draft(
        g,
        "[is_open|shop_open|open_at]",
        "time:clock",
        "bool",
        f"True if a shop that is open from {a} until {b}{rest} is open at @time",
        f"return {test}",
        f"now = int($time[:2]) * 60 + int($time[3:])\nreturn {t2}",
        tellings=(
            f"A shop opens at {a} and closes at {b}. {'There is a break from ' + p1 + ' until ' + p2 + '. ' if pause else ''}Return True if you can enter at @time, and False otherwise. {'When the break ends, you can enter; at its start and at closing time you cannot.' if pause else 'At closing time you cannot.'}",
        ),
        notes=(
            "[Opening times count as open, closing times as closed.|The start of an interval belongs to it, the end does not.]",
        ),
    )


@lesson
def next_departure(g: Random) -> Draft:
    every, first = g.choice([(10, 4), (15, 5), (20, 7), (30, 12), (12, 3), (15, 8), (20, 2)])
    what, kind, one, two = g.choice(
        [
            (
                "how many minutes one has to wait at minute @now of an hour for the next bus (0 if one is leaving right then)",
                "int",
                f"return ({first} - $now) % {every}",
                f"wait = 0\nwhile ($now + wait - {first}) % {every} != 0:\n    wait += 1\nreturn wait",
            ),
            (
                "the minute (0 to 59) at which the last bus left before minute @now of an hour or exactly then",
                "int",
                f"return ($now - ($now - {first}) % {every}) % 60",
                f"m = $now\nwhile m % {every} != {first % every}:\n    m -= 1\nreturn m % 60",
            ),
            (
                "True if at minute @now of an hour a bus leaves within the next 4 minutes (a bus leaving right then counts, one in 4 minutes counts, too)",
                "bool",
                f"return ({first} - $now) % {every} <= 4",
                f"return any(($now + i) % {every} == {first % every} for i in range(5))",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[wait_for_bus|bus|next_bus|bus_times]",
        "now:minute",
        kind,
        f"{what}, if buses leave every {every} minutes, the first one in each hour at minute {first}",
        one,
        two,
        tellings=(
            f"At a stop the buses leave at minute {first} of each hour and then every {every} minutes. [Return|Return|Your task is to return|Write a function that returns|The function should return|You should return] {what}.",
            f"[Wanted|Result|Output|To be returned|What to return]: {what}. At a stop the buses leave at minute {first} of each hour and then every {every} minutes.",
        ),
    )


@lesson
def schedule_end(g: Random) -> Draft:
    gap = g.choice([5, 10, 15])
    what, kind, one, two = g.choice(
        [
            (
                f"the time at which the last of several talks with the lengths @durations ends, if the first begins at @start and there is a break of {gap} minutes between two talks, in the form 'HH:MM'; @start itself if there are none",
                "str",
                f"hours, minutes = map(int, $start.split(':'))\ntotal = hours * 60 + minutes + sum($durations) + {gap} * max(0, len($durations) - 1)\nreturn f'{{total // 60 % 24:02d}}:{{total % 60:02d}}'",
                f"now = int($start[:2]) * 60 + int($start[3:])\nfor i, length in enumerate($durations):\n    if i > 0:\n        now += {gap}\n    now += length\nnow %= 1440\nreturn f'{{now // 60:02d}}:{{now % 60:02d}}'",
            ),
            (
                f"a list of the starting times ('HH:MM') of talks with the lengths @durations, if the first begins at @start and there is a break of {gap} minutes after each talk",
                "list[str]",
                f"hours, minutes = map(int, $start.split(':'))\nnow = hours * 60 + minutes\ntimes = []\nfor length in $durations:\n    times.append(f'{{now // 60 % 24:02d}}:{{now % 60:02d}}')\n    now += length + {gap}\nreturn times",
                f"first = int($start[:2]) * 60 + int($start[3:])\nresult = []\nfor i in range(len($durations)):\n    t = (first + sum($durations[:i]) + {gap} * i) % 1440\n    result.append(f'{{t // 60:02d}}:{{t % 60:02d}}')\nreturn result",
            ),
            (
                "how many of the tasks with the lengths @durations can be finished, in the given order and without breaks, between @start and midnight (ending exactly at midnight is fine)",
                "int",
                "hours, minutes = map(int, $start.split(':'))\nleft = 1440 - hours * 60 - minutes\ndone = 0\nfor length in $durations:\n    if length > left:\n        break\n    left -= length\n    done += 1\nreturn done",
                None,
            ),
        ]
    )
    return lesson.draft(
        g,
        "[schedule|timetable|programme|plan_day]",
        "start:clock durations:durations",
        kind,
        what,
        *(b for b in (one, two) if b),
        tellings=(
            f"@start is a time 'HH:MM' and @durations a list of lengths in minutes. [Find|Work out] and return {what}.",
            f"A conference day begins at @start, a string 'HH:MM', and has talks one after the other; @durations holds their lengths in minutes. [Return|Return|Your task is to return|Write a function that returns|The function should return|You should return] {what}.",
            f"[Wanted|Result|Output|To be returned|What to return]: {what}. A conference day begins at @start, a string 'HH:MM', and has talks one after the other; @durations holds their lengths in minutes.",
        )
        if "talks" in what
        else (
            f"It is @start now. The list @durations holds the lengths of tasks in minutes. [Return|Return|Your task is to return|Write a function that returns|The function should return|You should return] {what}.",
        ),
    )


@lesson
def durations_list(g: Random) -> Draft:
    k = g.choice([30, 60, 90])
    what, kind, one, two = g.choice(
        [
            (
                "the total of @durations as a string such as '3:05' (hours and two-digit minutes)",
                "str",
                "hours, minutes = divmod(sum($durations), 60)\nreturn f'{hours}:{minutes:02d}'",
                "total = 0\nfor d in $durations:\n    total += d\nreturn str(total // 60) + ':' + str(total % 60).zfill(2)",
            ),
            (
                f"how many of @durations are longer than {k} minutes",
                "int",
                f"return sum(d > {k} for d in $durations)",
                f"long = [d for d in $durations if d > {k}]\nreturn len(long)",
            ),
            (
                "the number of hours that are paid for @durations if each single one is rounded up to full hours",
                "int",
                "return sum(-(-d // 60) for d in $durations)",
                "hours = 0\nfor d in $durations:\n    hours += d // 60\n    if d % 60 != 0:\n        hours += 1\nreturn hours",
            ),
            (
                f"the number of days needed for @durations if they are done in order, none is split, and each day has {k + 120} minutes; a new day begins when the next one does not fit",
                "int",
                f"days, left = 0, 0\nfor d in $durations:\n    if d > left:\n        days += 1\n        left = {k + 120}\n    left -= d\nreturn days",
                None,
            ),
            (
                f"a list of those @durations that can be chosen one after the other, going through the list in order, while the total stays at most {k + 60} minutes; those that do not fit are skipped",
                "list[int]",
                f"chosen, total = [], 0\nfor d in $durations:\n    if total + d <= {k + 60}:\n        chosen.append(d)\n        total += d\nreturn chosen",
                f"result = []\nfor d in $durations:\n    if sum(result) + d > {k + 60}:\n        continue\n    result.append(d)\nreturn result",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[durations|working_time|minutes_report|time_sheet]",
        "durations:durations",
        kind,
        what,
        *(b for b in (one, two) if b),
        tellings=(
            f"The list @durations contains positive numbers of minutes, one for each piece of work; it may be empty. [Return|Return|Your task is to return|Write a function that returns|The function should return|You should return] {what}.",
            f"[Wanted|Result|Output|To be returned|What to return]: {what}. The list @durations contains positive numbers of minutes, one for each piece of work; it may be empty.",
        ),
    )


@lesson
def meeting_spans(g: Random) -> Draft:
    what, kind, sig, one, two = g.choice(
        [
            (
                "how many of @meetings overlap with @free by at least one hour",
                "int",
                "meetings:spans free:span",
                "return sum(start < $free[1] and end > $free[0] for start, end in $meetings)",
                "count = 0\nfor start, end in $meetings:\n    if min(end, $free[1]) - max(start, $free[0]) >= 1:\n        count += 1\nreturn count",
            ),
            (
                "the number of different hours that are covered by at least one of @meetings",
                "int",
                "meetings:spans",
                "return len({hour for start, end in $meetings for hour in range(start, end)})",
                "covered = set()\nfor start, end in $meetings:\n    covered.update(range(start, end))\nreturn len(covered)",
            ),
            (
                "the largest number of @meetings that take place at the same time",
                "int",
                "meetings:spans",
                "return max((sum(s <= hour < e for s, e in $meetings) for hour in range(30)), default=0)",
                "best = 0\nfor start, _ in $meetings:\n    best = max(best, sum(s <= start < e for s, e in $meetings))\nreturn best",
            ),
            (
                "True if no two of @meetings overlap (one may begin when another one ends)",
                "bool",
                "meetings:spans",
                "ordered = sorted($meetings)\nreturn all(a[1] <= b[0] for a, b in zip(ordered, ordered[1:]))",
                "for i in range(len($meetings)):\n    for j in range(i):\n        if $meetings[i][0] < $meetings[j][1] and $meetings[j][0] < $meetings[i][1]:\n            return False\nreturn True",
            ),
            (
                "a list of the meetings that are accepted when @meetings are asked for in this order and a meeting is refused if it overlaps with one accepted before",
                "list[tuple[int, int]]",
                "meetings:spans",
                "accepted = []\nfor start, end in $meetings:\n    if all(end <= s or start >= e for s, e in accepted):\n        accepted.append((start, end))\nreturn accepted",
                None,
            ),
            (
                "a list of tuples (start, end) in ascending order that results from joining all @meetings that overlap or touch each other",
                "list[tuple[int, int]]",
                "meetings:spans",
                "joined = []\nfor start, end in sorted($meetings):\n    if joined and start <= joined[-1][1]:\n        joined[-1] = (joined[-1][0], max(end, joined[-1][1]))\n    else:\n        joined.append((start, end))\nreturn joined",
                None,
            ),
            (
                "the length in hours of the longest of @meetings, or 0 if there are none",
                "int",
                "meetings:spans",
                "return max((end - start for start, end in $meetings), default=0)",
                "longest = 0\nfor start, end in $meetings:\n    if end - start > longest:\n        longest = end - start\nreturn longest",
            ),
            (
                "the most meetings one can attend from start to end without overlaps, if one always chooses next, among those of @meetings that begin when the last one has ended or later, the one that ends first",
                "int",
                "meetings:spans",
                "attended, free_from = 0, 0\nfor start, end in sorted($meetings, key=lambda m: m[1]):\n    if start >= free_from:\n        attended += 1\n        free_from = end\nreturn attended",
                None,
            ),
        ]
    )
    return lesson.draft(
        g,
        "[meetings|room_plan|appointments|bookings]",
        sig,
        kind,
        what,
        *(b for b in (one, two) if b),
        tellings=(
            f"A meeting is a tuple (start, end) of whole hours; it takes up all time from start until just before end. [Return|Return|Your task is to return|Write a function that returns|The function should return|You should return] {what}.",
            f"[Wanted|Result|Output|To be returned|What to return]: {what}. A meeting is a tuple (start, end) of whole hours; it takes up all time from start until just before end.",
        ),
    )


@lesson
def session_log(g: Random) -> Draft:
    k = g.choice([30, 60])
    what, kind, one, two = g.choice(
        [
            (
                "a list of the ending times ('HH:MM') of @sessions, going on after midnight with '00:00'",
                "list[str]",
                "result = []\nfor start, length in $sessions:\n    total = (int(start[:2]) * 60 + int(start[3:]) + length) % 1440\n    result.append(f'{total // 60:02d}:{total % 60:02d}')\nreturn result",
                None,
            ),
            (
                "how many of @sessions end on the next day, that is, at midnight or later",
                "int",
                "return sum(int(s[:2]) * 60 + int(s[3:]) + length >= 1440 for s, length in $sessions)",
                "late = 0\nfor start, length in $sessions:\n    hours, minutes = map(int, start.split(':'))\n    if hours * 60 + minutes + length >= 1440:\n        late += 1\nreturn late",
            ),
            (
                f"the total length of those @sessions that take more than {k} minutes, in hours, rounded to two decimals",
                "float",
                f"return round(sum(length for _, length in $sessions if length > {k}) / 60, 2)",
                f"total = 0\nfor session in $sessions:\n    if session[1] > {k}:\n        total += session[1]\nreturn round(total / 60, 2)",
            ),
            (
                "the start of the longest of @sessions, the first one if there are several, or an empty string if there are none",
                "str",
                "if not $sessions:\n    return ''\nreturn max($sessions, key=lambda session: session[1])[0]",
                "best, when = 0, ''\nfor start, length in $sessions:\n    if length > best:\n        best, when = length, start\nreturn when",
            ),
            (
                "how many minutes of @sessions lie before noon in all",
                "int",
                "total = 0\nfor start, length in $sessions:\n    begin = int(start[:2]) * 60 + int(start[3:])\n    total += max(0, min(begin + length, 720) - begin)\nreturn total",
                None,
            ),
        ]
    )
    return lesson.draft(
        g,
        "[sessions|log_of_sessions|training_log|session_report]",
        "sessions:sessions",
        kind,
        what,
        *(b for b in (one, two) if b),
        tellings=(
            f"Each tuple in @sessions describes a training session by its start ('HH:MM') and its length in minutes. [Return|Return|Your task is to return|Write a function that returns|The function should return|You should return] {what}.",
            f"[Wanted|Result|Output|To be returned|What to return]: {what}. Each tuple in @sessions describes a training session by its start ('HH:MM') and its length in minutes.",
        ),
    )


@lesson
def work_days(g: Random) -> Draft:
    free = sorted(g.sample(range(7), g.choice([1, 2, 2, 3])))
    named = " and ".join([", ".join(DAYS[i] for i in free[:-1]), DAYS[free[-1]]]) if len(free) > 1 else DAYS[free[0]]
    work = tuple(i for i in range(7) if i not in free)
    what, one, two = g.choice(
        [
            (
                "how many days of work there are among the @days days that begin with the weekday @start",
                f"return sum(($start + i) % 7 in {work} for i in range($days))",
                f"count, today = 0, $start\nfor _ in range($days):\n    if today not in {tuple(free) if len(free) > 1 else f'({free[0]},)'}:\n        count += 1\n    today = (today + 1) % 7\nreturn count",
            ),
            (
                "on which weekday a job that takes @days days of work is finished, if it is begun on the weekday @start or, should this be a free day, on the next day of work (for 0 days the result is @start)",
                f"if $days == 0:\n    return $start\ntoday = $start\nwhile True:\n    if today in {work}:\n        $days -= 1\n        if $days == 0:\n            return today\n    today = (today + 1) % 7",
                f"last = today = $start\nwhile $days > 0:\n    if today in {work}:\n        $days -= 1\n        last = today\n    today = (today + 1) % 7\nreturn last",
            ),
            (
                "how many calendar days pass in all, the first one included, until @days days of work have been done, beginning with the weekday @start",
                f"passed, today = 0, $start\nwhile $days > 0:\n    if today in {work}:\n        $days -= 1\n    today = (today + 1) % 7\n    passed += 1\nreturn passed",
                None,
            ),
        ]
    )
    return lesson.draft(
        g,
        "[work_days|working_days|free_days|job_days]",
        "start:wdn days:days",
        "int",
        f"{what}, where no work is done on {named}",
        *(b for b in (one, two) if b),
        tellings=(
            f"Weekdays are numbered from 0 (Monday) to 6 (Sunday). In a company nobody works on {named}. [Return|Return|Your task is to return|Write a function that returns|The function should return|You should return] {what}.",
            f"[Wanted|Result|Output|To be returned|What to return]: {what}. Weekdays are numbered from 0 (Monday) to 6 (Sunday). In a company nobody works on {named}.",
        ),
        notes=("[Weekdays are numbers: Monday is 0, Sunday is 6.|Monday has the number 0.]",),
    )


@lesson
def week_habits(g: Random) -> Draft:
    k = g.choice([2, 3])
    what, kind, one, two = g.choice(
        [
            (
                "a list of the weekdays that do not occur in @days, from Monday to Sunday",
                "list[str]",
                f"week = {DAYS}\nreturn [day for day in week if day not in $days]",
                f"missing = []\nfor day in {DAYS}:\n    if $days.count(day) == 0:\n        missing.append(day)\nreturn missing",
            ),
            (
                "@days sorted in the order of the week, which begins on Monday",
                "list[str]",
                f"week = {DAYS}\nreturn sorted($days, key=week.index)",
                f"result = []\nfor day in {DAYS}:\n    result += [day] * $days.count(day)\nreturn result",
            ),
            (
                "@days as a list of abbreviations of two letters, with weekend days in capitals, such as 'Mo' and 'SA'",
                "list[str]",
                "return [day[:2].upper() if day in ('Saturday', 'Sunday') else day[:2] for day in $days]",
                "result = []\nfor day in $days:\n    short = day[:2]\n    if short[0] == 'S':\n        short = short.upper()\n    result.append(short)\nreturn result",
            ),
            (
                f"a sorted list of the weekdays (in alphabetical order) that occur at least {k} times in @days",
                "list[str]",
                f"return sorted({{day for day in $days if $days.count(day) >= {k}}})",
                f"counts = {{}}\nfor day in $days:\n    counts[day] = counts.get(day, 0) + 1\nreturn sorted(day for day, times in counts.items() if times >= {k})",
            ),
            (
                "how many elements of @days are directly followed by the next day of the week (Monday follows Sunday)",
                "int",
                f"week = {DAYS}\nreturn sum((week.index(a) + 1) % 7 == week.index(b) for a, b in zip($days, $days[1:]))",
                None,
            ),
            (
                "the number of elements of @days on a weekend",
                "int",
                "return sum(day in ('Saturday', 'Sunday') for day in $days)",
                "return $days.count('Saturday') + $days.count('Sunday')",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[weekdays|day_list|week_habits|training_days]",
        "days:wds",
        kind,
        what,
        *(b for b in (one, two) if b),
        tellings=(
            f"The list @days holds names of weekdays such as 'Monday', in any order and perhaps several times. [Return|Return|Your task is to return|Write a function that returns|The function should return|You should return] {what}.",
            f"[Wanted|Result|Output|To be returned|What to return]: {what}. The list @days holds names of weekdays such as 'Monday', in any order and perhaps several times.",
        ),
    )


@lesson
def clock_hands(g: Random) -> Draft:
    what, kind, one, two = g.choice(
        [
            (
                "the angle of the hour hand of a round clock at @hour hours and @minute minutes, in degrees clockwise from the 12, where the hand moves steadily",
                "float",
                "return ($hour % 12) * 30 + $minute / 2",
                "degrees = $minute * 0.5\ndegrees += 30 * ($hour % 12)\nreturn degrees",
            ),
            (
                "how many times a clock strikes at @hour:@minute, if it strikes the hour on the 12-hour clock (1 to 12) at every full hour, once at every half hour, and not at other times",
                "int",
                "if $minute == 0:\n    return $hour % 12 or 12\nreturn 1 if $minute == 30 else 0",
                "strikes = 0\nif $minute == 30:\n    strikes = 1\nelif $minute == 0:\n    strikes = $hour if 1 <= $hour <= 12 else abs($hour - 12)\nreturn strikes",
            ),
            (
                "the number of digit segments, that is, the number of digits different from 0 in the display 'HH:MM' of a clock at @hour hours and @minute minutes",
                "int",
                "return sum(c not in '0:' for c in f'{$hour:02d}:{$minute:02d}')",
                "digits = [$hour // 10, $hour % 10, $minute // 10, $minute % 10]\nreturn sum(1 for d in digits if d != 0)",
            ),
            (
                "the sum of the digits that a digital clock shows at @hour hours and @minute minutes",
                "int",
                "return sum(int(d) for d in str($hour) + str($minute))",
                "return $hour // 10 + $hour % 10 + $minute // 10 + $minute % 10",
            ),
            (
                "the time @hour:@minute in words: 'full' at minute 0, 'quarter' at 15, 'half' at 30, 'three quarters' at 45, followed by the hour, as in 'half 14', and for other minutes only the hour as in 'after 14'",
                "str",
                "words = {0: 'full', 15: 'quarter', 30: 'half', 45: 'three quarters'}\nreturn f\"{words.get($minute, 'after')} {$hour}\"",
                "if $minute % 15 != 0:\n    return f'after {$hour}'\nword = ['full', 'quarter', 'half', 'three quarters'][$minute // 15]\nreturn word + ' ' + str($hour)",
            ),
            (
                "how many minutes are left from @hour:@minute until the next full hour that is divisible by 6 (0, 6, 12 or 18 o'clock), or 0 if it is such an hour right now",
                "int",
                "return -($hour * 60 + $minute) % 360",
                "left, now = 0, $hour * 60 + $minute\nwhile now % 360 != 0:\n    now += 1\n    left += 1\nreturn left",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[clock_face|clock_task|clock_value|tower_clock]",
        "hour:hour minute:minute",
        kind,
        what,
        one,
        two,
        tellings=(
            f"It is @hour hours and @minute minutes on a 24-hour clock. [Return|Return|Your task is to return|Write a function that returns|The function should return|You should return] {what}.",
            f"[Wanted|Result|Output|To be returned|What to return]: {what}. It is @hour hours and @minute minutes on a 24-hour clock.",
        ),
    )


@lesson
def hotel_stay(g: Random) -> Draft:
    p, q = g.choice([(50, 80), (40, 60), (70, 100)])
    off, word = g.choice([(10, 7), (20, 5), (25, 7)])
    disc = g.random() < 0.5
    extra = (
        f"; a stay of {word} nights or more gets {off} percent off the sum, rounded down to an integer" if disc else ""
    )
    tail = f"if $nights >= {word}:\n    total = total * {100 - off} // 100\nreturn total" if disc else "return total"
    return lesson.draft(
        g,
        "[hotel_price|stay_price|room_price|booking_price]",
        "start:wdn nights:stay",
        "int",
        f"the price of a stay of @nights nights that begins on the weekday @start: {q} for each night that begins on Friday or Saturday and {p} for every other one{extra}",
        f"total = sum({q} if ($start + i) % 7 in (4, 5) else {p} for i in range($nights))\n{tail}",
        f"total = 0\nnight = $start\nfor _ in range($nights):\n    if night == 4 or night == 5:\n        total += {q}\n    else:\n        total += {p}\n    night = (night + 1) % 7\n{tail}",
        tellings=(
            f"@start is the weekday of arrival, from 0 for Monday to 6 for Sunday, and @nights the number of nights. Nights beginning on a Friday or Saturday cost {q}, the others {p}{extra}. Add everything up and return the price.",
            f"A hotel room costs {p} per night, but {q} in the nights that begin on Friday (weekday 4) and Saturday (weekday 5). A guest comes on the weekday @start (0 is Monday, 6 is Sunday) and stays @nights nights{extra}. Return what the stay costs.",
        ),
        notes=("[Monday has the number 0, Sunday the number 6.|Weekdays are counted from 0 for Monday.]",),
    )


@lesson
def medicine_times(g: Random) -> Draft:
    k = g.choice([4, 5, 6, 7, 8, 9])
    what, kind, one, two = g.choice(
        [
            (
                f"a list of the hours (0 to 23) of the first 4 doses if the first is taken at hour @hour and each further one {k} hours later",
                "list[int]",
                f"return [($hour + {k} * i) % 24 for i in range(4)]",
                f"result = []\nfor _ in range(4):\n    result.append($hour)\n    $hour = ($hour + {k}) % 24\nreturn result",
            ),
            (
                f"how many doses are taken on the first day if the first is taken at hour @hour and each further one {k} hours later",
                "int",
                f"return len(range($hour, 24, {k}))",
                f"doses = 0\nwhile $hour < 24:\n    doses += 1\n    $hour += {k}\nreturn doses",
            ),
            (
                f"the hour (0 to 23) of the first dose on the second day if the first of all is taken at hour @hour and each further one {k} hours later",
                "int",
                f"while $hour < 24:\n    $hour += {k}\nreturn $hour - 24",
                f"return next(h - 24 for h in range($hour, 99, {k}) if h >= 24)",
            ),
            (
                f"the number of doses within three days (72 hours from midnight of the first day) that fall into the night, that is, into the hours 0 to 5, if the first is taken at hour @hour and each further one {k} hours later",
                "int",
                f"return sum(h % 24 < 6 for h in range($hour, 72, {k}))",
                f"night = 0\nwhile $hour < 72:\n    if $hour % 24 <= 5:\n        night += 1\n    $hour += {k}\nreturn night",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[doses|medicine|dose_times|pill_plan]",
        "hour:hour",
        kind,
        what,
        one,
        two,
        tellings=(
            f"A medicine must be taken every {k} hours, day and night, starting at hour @hour of the first day. [Return|Return|Your task is to return|Write a function that returns|The function should return|You should return] {what.split(' if the first')[0].rstrip(',')}.",
        ),
    )


@lesson
def rotating_duty(g: Random) -> Draft:
    k = g.choice([1, 2, 3, 7])
    what, kind, sig, one, two = g.choice(
        [
            (
                f"the name of the person on duty on day @day (day 0 is the first), if the people in @names take turns in order and each has duty for {k} day{'s' if k > 1 else ''} in a row",
                "str",
                "names:W1 day:days",
                f"return $names[$day // {k} % len($names)]",
                f"turn = $day // {k}\nwhile turn >= len($names):\n    turn -= len($names)\nreturn $names[turn]",
            ),
            (
                f"a dictionary with the number of duty days of each name of @names within the first @day days, if the people take turns in order, {k} day{'s' if k > 1 else ''} each (people without duty have 0)",
                "dict[str, int]",
                "names:names day:days",
                f"result = {{name: 0 for name in $names}}\nfor i in range($day):\n    result[$names[i // {k} % len($names)]] += 1\nreturn result",
                None,
            ),
            (
                "a list of the names on duty on the first @day days (days 0, 1, 2, ...), if the people in @names take turns day by day and nobody has duty on every third day (day 2, 5, 8, ...), for which the list contains '-'; the turn is not lost on such a day",
                "list[str]",
                "names:W1 day:stay",
                "result, turn = [], 0\nfor i in range($day):\n    if i % 3 == 2:\n        result.append('-')\n    else:\n        result.append($names[turn % len($names)])\n        turn += 1\nreturn result",
                None,
            ),
        ]
    )
    return lesson.draft(
        g,
        "[duty|on_duty|duty_plan|roster]",
        sig,
        kind,
        what,
        *(b for b in (one, two) if b),
        tellings=(
            f"In a flat share the people in @names take turns with the cleaning, in the order of the list, again and again. [Return|Return|Your task is to return|Write a function that returns|The function should return|You should return] {what}.",
            f"[Wanted|Result|Output|To be returned|What to return]: {what}. In a flat share the people in @names take turns with the cleaning, in the order of the list, again and again.",
        ),
    )


@lesson
def time_zones(g: Random) -> Draft:
    z = g.choice([1, 2, 3, 5, 8, 9, 11])
    east = g.random() < 0.5
    here, there = g.choice([("Oslo", "Lima"), ("Rome", "Delhi"), ("Paris", "Tokyo"), ("Quito", "Cairo")])
    op = "+" if east else "-"
    word = "ahead of" if east else "behind"
    what, kind, one, two = g.choice(
        [
            (
                f"the time in {there}, in the form 'HH:MM', when it is @time in {here}",
                "str",
                f"hour = (int($time[:2]) {op} {z}) % 24\nreturn f'{{hour:02d}}{{$time[2:]}}'",
                f"hour, minute = $time.split(':')\nhour = int(hour) {op} {z}\nif hour {'> 23' if east else '< 0'}:\n    hour {'-' if east else '+'}= 24\nreturn str(hour).zfill(2) + ':' + minute",
            ),
            (
                f"'same day', 'next day' or 'day before', which tells what day it is in {there}, compared to {here}, when it is @time in {here}",
                "str",
                f"hour = int($time[:2]) {op} {z}\nif hour < 0:\n    return 'day before'\nreturn 'next day' if hour > 23 else 'same day'",
                None,
            ),
            (
                f"True if it is between 08:00 (included) and 18:00 (excluded) in both cities when it is @time in {here}",
                "bool",
                f"hour = int($time[:2])\nreturn 8 <= hour < 18 and 8 <= hour {op} {z} < 18",
                f"return all(8 <= h < 18 for h in (int($time[:2]), int($time[:2]) {op} {z}))",
            ),
        ]
    )
    if kind == "bool" and z > 8:
        return time_zones(g)
    return lesson.draft(
        g,
        "[other_city|time_zone|world_clock|time_there]",
        "time:clock",
        kind,
        f"{what}; the clocks in {there} are {z} hour{'s' if z > 1 else ''} {word} those in {here}",
        *(b for b in (one, two) if b),
        tellings=(
            f"Somebody in {here} looks at the clock: it is @time. In {there} the clocks are {z} hour{'s' if z > 1 else ''} {word} that. Return {what}.",
            f"The clocks in {there} are {z} hour{'s' if z > 1 else ''} {word} the clocks in {here}. [Return|Return|Your task is to return|Write a function that returns|The function should return|You should return] {what}.",
        ),
    )


@lesson
def valid_time(g: Random) -> Draft:
    what, kind, one, two = g.choice(
        [
            (
                "True if @text is a time of the form 'HH:MM' with two digits each, an hour of at most 23 and a minute of at most 59",
                "bool",
                "if len($text) != 5 or $text[2] != ':':\n    return False\nhours, minutes = $text[:2], $text[3:]\nreturn hours.isdigit() and minutes.isdigit() and int(hours) < 24 and int(minutes) < 60",
                "return re.fullmatch(r'([01][0-9]|2[0-3]):[0-5][0-9]', $text) is not None",
            ),
            (
                "the number of minutes since midnight for the time @text, or -1 if it is not of the form 'HH:MM' with an hour of at most 23 and a minute of at most 59",
                "int",
                "if not re.fullmatch(r'[0-9]{2}:[0-9]{2}', $text):\n    return -1\nhours, minutes = int($text[:2]), int($text[3:])\nif hours > 23 or minutes > 59:\n    return -1\nreturn hours * 60 + minutes",
                "parts = $text.split(':')\nif len(parts) != 2 or any(len(p) != 2 or not p.isdigit() for p in parts):\n    return -1\nhours, minutes = map(int, parts)\nreturn hours * 60 + minutes if hours < 24 and minutes < 60 else -1",
            ),
            (
                "the word 'ok' if @text is a time 'HH:MM', 'hour' if it has that form but the hour is above 23, 'minute' if only the minute is above 59, and 'form' if it does not consist of two digits, a colon and two digits",
                "str",
                "if not re.fullmatch(r'[0-9]{2}:[0-9]{2}', $text):\n    return 'form'\nif int($text[:2]) > 23:\n    return 'hour'\nreturn 'minute' if int($text[3:]) > 59 else 'ok'",
                None,
            ),
        ]
    )
    return lesson.draft(
        g,
        "[check_time|clock_check|parse_clock|time_check]",
        "text:maybe",
        kind,
        what,
        *(b for b in (one, two) if b),
        imports=("import re",),
        tellings=(
            f"A form has a field for the time of day; @text is what was typed into it. [Check it and return|Return] {what}.",
            f"Users type in times, and not all of them are correct. For the string @text, return {what}.",
        ),
    )
