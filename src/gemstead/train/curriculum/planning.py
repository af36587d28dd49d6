"""Planning: intervals, schedules, greedy choices, small dynamic programs, two pointers, scans and graphs."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from gemstead.train.curriculum.draft import Draft
from gemstead.train.curriculum.lessons import Lessons


def _spans(rng: Random) -> object:
    spans = []
    for _ in range(rng.randint(0, 5)):
        start = rng.randint(0, 14)
        spans.append((start, start + rng.randint(1, 6)))
    return spans


def _clock_spans(rng: Random) -> object:
    spans, at = [], 9
    while at < 16 and rng.random() < 0.8:
        start = at + rng.randint(0, 2)
        end = start + rng.randint(1, 2)
        if end > 17:
            break
        spans.append((start, end))
        at = end
    return spans


def _digraph(rng: Random) -> object:
    nodes = "ABCDE"[: rng.randint(3, 5)]
    return {n: sorted(rng.sample([m for m in nodes if m != n], rng.choice([0, 1, 1, 2]))) for n in nodes}


def _friends(rng: Random) -> object:
    nodes = "ABCDE"[: rng.randint(3, 5)]
    links: dict[str, list[str]] = {n: [] for n in nodes}
    for i, n in enumerate(nodes):
        for m in nodes[i + 1 :]:
            if rng.random() < 0.4:
                links[n].append(m)
                links[m].append(n)
    return links


def _edges(rng: Random) -> object:
    pairs = [(a, b) for a in "ABCDE" for b in "ABCDE" if a < b]
    return rng.sample(pairs, rng.randint(1, 5))


def _roads(rng: Random) -> object:
    nodes = "ABCD"[: rng.randint(3, 4)]
    return {
        n: {m: rng.randint(1, 9) for m in rng.sample([m for m in nodes if m != n], rng.choice([0, 1, 2]))}
        for n in nodes
    }


def _needs(rng: Random) -> object:
    tasks = ["cut", "glue", "paint", "pack", "ship"][: rng.randint(2, 5)]
    order = rng.sample(tasks, len(tasks))
    return {t: sorted(rng.sample(order[: order.index(t)], min(order.index(t), rng.randint(0, 2)))) for t in tasks}


def _ints(low: int, high: int, longest: int = 8, shortest: int = 0) -> Callable[[Random], object]:
    return lambda rng: [rng.randint(low, high) for _ in range(rng.randint(shortest, longest))]


def _sorted(low: int, high: int, longest: int = 8, shortest: int = 0) -> Callable[[Random], object]:
    return lambda rng: sorted(rng.randint(low, high) for _ in range(rng.randint(shortest, longest)))


def _code(rng: Random) -> object:
    if rng.random() < 0.6:
        return "".join(rng.choice("()[]ab") for _ in range(rng.randint(0, 8)))
    text = ""
    for _ in range(rng.randint(1, 4)):
        text = rng.choice([f"({text})", f"[{text}]", text + "()", text + "a", f"[]{text}"])
    return text


lesson = Lessons("planning", kinds={
    "spans": ("list[tuple[int, int]]", "a list of intervals (start, end)", _spans),
    "day": ("list[tuple[int, int]]", "a list of meetings (start, end) in full hours, sorted and not overlapping", _clock_spans),
    "graph": ("dict[str, list[str]]", "a dictionary that maps each node to the nodes it points to", _digraph),
    "friends": ("dict[str, list[str]]", "a dictionary that maps each person to a list of friends", _friends),
    "edges": ("list[tuple[str, str]]", "a list of edges between nodes", _edges),
    "roads": ("dict[str, dict[str, int]]", "a dictionary that maps each town to its roads", _roads),
    "needs": ("dict[str, list[str]]", "a dictionary that maps each task to the tasks that must be done before it", _needs),
    "node": ("str", "a node", lambda r: r.choice("AABC")),
    "node2": ("str", "a node", lambda r: r.choice("ABCC")),
    "pos": ("list[int]", "a list of positive integers", _ints(1, 12)),
    "pos1": ("list[int]", "a non-empty list of positive integers", _ints(1, 12, 8, 1)),
    "ints": ("list[int]", "a list of integers", _ints(-6, 9)),
    "ints1": ("list[int]", "a non-empty list of integers", _ints(-6, 9, 8, 1)),
    "heights": ("list[int]", "a list of heights", _ints(0, 6)),
    "sorted": ("list[int]", "a list of integers in ascending order", _sorted(0, 20)),
    "sorted2": ("list[int]", "another list of integers in ascending order", _sorted(0, 20)),
    "limit": ("int", "a positive integer", lambda r: r.randint(1, 20)),
    "small": ("int", "a positive integer", lambda r: r.randint(1, 4)),
    "goal": ("int", "a non-negative integer", lambda r: r.randint(0, 30)),
    "coins": ("list[int]", "a list of different coin values", lambda r: sorted(r.sample([1, 2, 3, 4, 5, 7, 10], r.randint(1, 3)))),
    "goods": ("list[tuple[int, int]]", "a list of things (weight, value)", lambda r: [(r.randint(1, 8), r.randint(1, 12)) for _ in range(r.randint(0, 5))]),
    "jobs": ("list[tuple[int, int]]", "a list of jobs (duration, deadline)", lambda r: [(r.randint(1, 5), r.randint(2, 14)) for _ in range(r.randint(1, 5))]),
    "paid": ("list[tuple[int, int]]", "a list of jobs (deadline, pay)", lambda r: [(r.randint(1, 4), r.randint(1, 20)) for _ in range(r.randint(0, 5))]),
    "prices": ("list[int]", "a list of prices, one per day", _ints(1, 15)),
    "code": ("str", "a string with brackets", _code),
    "words": ("list[str]", "a list of words", lambda r: ["".join(r.choice("abcde") for _ in range(r.randint(1, 6))) for _ in range(r.randint(0, 7))]),
    "width": ("int", "a line width", lambda r: r.randint(6, 12)),
    "stops": ("list[tuple[int, int]]", "a list of pairs (number getting out, number getting in)", lambda r: [(r.randint(0, 4), r.randint(0, 5)) for _ in range(r.randint(0, 5))]),
    "abc": ("str", "a string", lambda r: "".join(r.choice("abc") for _ in range(r.randint(0, 7)))),
    "tasks": ("str", "a string with one letter per task", lambda r: "".join(r.choice("AABC") for _ in range(r.randint(0, 7)))),
    "next": ("dict[str, str]", "a dictionary that maps each node to the node after it", lambda r: {n: r.choice("ABCDEZ") for n in "ABCDE"[: r.randint(2, 5)]}),
    "costs": ("list[list[int]]", "a list with three costs per house", lambda r: [[r.randint(1, 9) for _ in range(3)] for _ in range(r.randint(0, 4))]),
})  # fmt: skip


@lesson
def union_of_spans(g: Random) -> Draft:
    touch = g.random() < 0.6
    rel, rule = (
        ("<=", "overlap or touch (one ends where the next one starts)")
        if touch
        else ("<", "really overlap (touching at an end is not enough)")
    )
    out, code, ret, name = g.choice(
        [
            ("a sorted list of the joined intervals", "joined", "list[tuple[int, int]]", "joined"),
            ("the number of intervals left", "len(joined)", "int", "count"),
            ("the total length of the joined intervals", "sum(end - start for start, end in joined)", "int", "length"),
            (
                "the length of the longest joined interval, or 0 if there is none",
                "max((end - start for start, end in joined), default=0)",
                "int",
                "longest",
            ),
            (
                "a list of the gaps (end of one, start of the next) between the joined intervals",
                "[(p[1], q[0]) for p, q in zip(joined, joined[1:])]",
                "list[tuple[int, int]]",
                "gaps",
            ),
        ]
    )
    return lesson.draft(
        g,
        f"[merged|joined|united]_{name}",
        "spans:spans",
        ret,
        f"{out} when all intervals in @spans that {rule} are joined into one, again and again",
        f"joined = []\nfor start, end in sorted($spans):\n    if joined and start {rel} joined[-1][1]:\n        joined[-1] = (joined[-1][0], max(joined[-1][1], end))\n    else:\n        joined.append((start, end))\nreturn {code}",
        f"joined = []\nfor start, end in sorted($spans):\n    if not joined or {'start > joined[-1][1]' if touch else 'start >= joined[-1][1]'}:\n        joined.append((start, end))\n        continue\n    first, last = joined.pop()\n    joined.append((first, max(last, end)))\nreturn {code}",
        tellings=(
            f"Every tuple in @spans is an interval (start, end). Join intervals that {rule}, until no two of them can be joined any more. Return {out}.",
            f"Some periods of time, given as @spans with tuples (start, end), are marked on a calendar. Periods that {rule} melt into one. [Report|Return] {out}.",
        ),
        plan="I sort the intervals by start and extend the last one while they meet.",
    )


@lesson
def spans_at_moments(g: Random) -> Draft:
    closed = g.random() < 0.4
    rel, say = (
        ("<=", "both ends belong to an interval")
        if closed
        else ("<", "the start belongs to an interval, the end does not")
    )
    name, text, ret, b1, b2 = g.choice(
        [
            (
                "active_at",
                "the number of intervals in @spans that contain the moment @t",
                "int",
                f"return sum(start <= $t {rel} end for start, end in $spans)",
                f"n = 0\nfor start, end in $spans:\n    if $t >= start and $t {rel} end:\n        n += 1\nreturn n",
            ),
            (
                "active_list",
                "a list of those intervals of @spans, in order, that contain the moment @t",
                "list[tuple[int, int]]",
                f"return [(start, end) for start, end in $spans if start <= $t {rel} end]",
                f"result = []\nfor span in $spans:\n    if span[0] <= $t {rel} span[1]:\n        result.append(span)\nreturn result",
            ),
            (
                "next_start",
                "the earliest start after the moment @t among the intervals in @spans, or None if there is none",
                "int | None",
                "return min((start for start, _ in $spans if start > $t), default=None)",
                "best = None\nfor start, end in $spans:\n    if start > $t and (best is None or start < best):\n        best = start\nreturn best",
            ),
            (
                "peak_time",
                "the largest number of intervals in @spans that contain the same whole number",
                "int",
                "",
                f"counts = {{}}\nfor start, end in $spans:\n    for m in range(start, end{' + 1' if closed else ''}):\n        counts[m] = counts.get(m, 0) + 1\nreturn max(counts.values(), default=0)",
            ),
            (
                "covered_numbers",
                "a sorted list of all whole numbers that lie in at least two of the intervals in @spans",
                "list[int]",
                "",
                f"once, twice = set(), set()\nfor start, end in $spans:\n    for m in range(start, end{' + 1' if closed else ''}):\n        if m in once:\n            twice.add(m)\n        once.add(m)\nreturn sorted(twice)",
            ),
        ]
    )
    needs = "@t" in text
    extra = "" if name == "next_start" else f"; {say}"
    return lesson.draft(
        g,
        name,
        "spans:spans t:limit" if needs else "spans:spans",
        ret,
        text + extra,
        *((b1, b2) if b1 else (b2,)),
        tellings=(f"@spans is a list of intervals (start, end) with whole numbers{extra}. Return {text}.",),
        plan="I test each interval.",
    )


@lesson
def conflicts_between(g: Random) -> Draft:
    out, code, ret = g.choice(
        [
            ("the number of pairs of intervals in @spans that overlap", "len(pairs)", "int"),
            ("True if no two intervals in @spans overlap", "not pairs", "bool"),
            (
                "a list of the index pairs (i, j) with i < j of intervals in @spans that overlap, in ascending order",
                "pairs",
                "list[tuple[int, int]]",
            ),
            (
                "a sorted list of the indices of the intervals in @spans that overlap with no other one",
                "[i for i in range(len($spans)) if all(i not in pair for pair in pairs)]",
                "list[int]",
            ),
            (
                "the longest time for which two of the intervals in @spans overlap, or 0 if none do",
                "max((min($spans[i][1], $spans[j][1]) - max($spans[i][0], $spans[j][0]) for i, j in pairs), default=0)",
                "int",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[overlap|conflict|clash]_[report|check|search]",
        "spans:spans",
        ret,
        f"{out}; touching at an end is no overlap",
        f"n = len($spans)\npairs = [(i, j) for i in range(n) for j in range(i + 1, n) if $spans[i][0] < $spans[j][1] and $spans[j][0] < $spans[i][1]]\nreturn {code}",
        f"pairs = []\nfor i, (start, end) in enumerate($spans):\n    for j in range(i + 1, len($spans)):\n        if max(start, $spans[j][0]) < min(end, $spans[j][1]):\n            pairs.append((i, j))\nreturn {code}",
        tellings=(
            f"Bookings of a room are given as @spans with tuples (start, end). Two bookings overlap if they share some time; one may end at the moment when another one starts. Return {out}.",
        ),
        plan="Two intervals overlap if each starts before the other one ends.",
    )


@lesson
def pick_meetings(g: Random) -> Draft:
    gap = g.choice([0, 0, 1, 2])
    rule = (
        "a meeting may start when the one before it ends"
        if gap == 0
        else f"between two meetings there must be a break of at least {gap}"
    )
    how, key = g.choice(
        [
            ("always the possible one that ends first (of several, the one that starts first)", "(s[1], s[0])"),
            ("always the possible one that starts first (of several, the one that ends first)", "s"),
            ("in the order of the list, each one that fits after the last one attended", None),
        ]
    )
    out, code, ret = g.choice(
        [
            ("a list of the meetings attended, in order of attendance", "taken", "list[tuple[int, int]]"),
            ("the number of meetings attended", "len(taken)", "int"),
            ("the total time spent in meetings", "sum(end - start for start, end in taken)", "int"),
        ]
    )
    order = f"sorted($spans, key=lambda s: {key})" if key else "$spans"
    return lesson.draft(
        g,
        "[attended|chosen|picked]_[meetings|talks]",
        "spans:spans",
        ret,
        f"{out}, if from the meetings (start, end) in @spans one attends, {how}, where {rule}",
        f"taken = []\nfor start, end in {order}:\n    if not taken or start >= taken[-1][1]{f' + {gap}' if gap else ''}:\n        taken.append((start, end))\nreturn {code}",
        f"taken = []\nfree_from = None\nfor start, end in {order}:\n    if free_from is None or start >= free_from:\n        taken.append((start, end))\n        free_from = end{f' + {gap}' if gap else ''}\nreturn {code}",
        tellings=(
            f"Somebody wants to go to several of the meetings in @spans, each a tuple (start, end), and chooses greedily: {how}. Moreover, {rule}. Return {out}.",
        ),
        plan="I sort the meetings as the rule says and take each one that fits.",
    )


@lesson
def rooms_and_desks(g: Random) -> Draft:
    mode = g.choice(["need", "assign", "refused"])
    k = g.randint(1, 2)
    if mode == "need":
        return lesson.draft(
            g,
            "[rooms|halls]_needed",
            "spans:spans",
            "int",
            "the smallest number of rooms in which all meetings (start, end) of @spans can take place, where a room is free again at the moment a meeting ends",
            "ends = []\nfor start, end in sorted($spans):\n    free = [e for e in ends if e <= start]\n    if free:\n        ends.remove(free[0])\n    ends.append(end)\nreturn len(ends)",
            "events = sorted([(start, 1) for start, _ in $spans] + [(end, -1) for _, end in $spans])\nused = most = 0\nfor _, change in events:\n    used += change\n    most = max(most, used)\nreturn most",
            tellings=(
                "All meetings in @spans must take place, each from its start to its end. Two meetings at the same time need different rooms, but if one ends exactly when another begins, they can share a room. How many rooms are needed?",
            ),
            plan="I sweep over starts and ends and count the meetings going on.",
        )
    if mode == "assign":
        return lesson.draft(
            g,
            "[room|desk]_numbers",
            "spans:spans",
            "list[int]",
            "a list with a room number for each meeting (start, end) of @spans, taken in the given order, where each meeting gets the lowest room number, counted from 0, in which no earlier assigned meeting overlaps with it",
            "rooms = []\nplan = []\nfor start, end in $spans:\n    for number, booked in enumerate(rooms):\n        if all(end <= s or start >= e for s, e in booked):\n            break\n    else:\n        number = len(rooms)\n        rooms.append([])\n    rooms[number].append((start, end))\n    plan.append(number)\nreturn plan",
            tellings=(
                "Meetings are booked in the order of @spans. Each goes to the room with the smallest number (0, 1, 2, ...) that is free during the whole meeting; touching at an end is allowed. Return the list of room numbers.",
            ),
            plan="For each meeting I try the rooms one after the other.",
        )
    return lesson.draft(
        g,
        "[refused|rejected]_bookings",
        "spans:spans",
        "list[tuple[int, int]]",
        f"a list of the bookings (start, end) of @spans that are refused, if they come in the given order, and a booking is refused when {'it overlaps with an accepted one' if k == 1 else 'it overlaps with two or more accepted ones'}; touching is no overlap",
        f"accepted, refused = [], []\nfor start, end in $spans:\n    clashes = sum(start < e and s < end for s, e in accepted)\n    if clashes >= {k}:\n        refused.append((start, end))\n    else:\n        accepted.append((start, end))\nreturn refused",
        tellings=(
            f"Bookings arrive in the order of @spans. A booking is turned down if {'it overlaps with a booking accepted before' if k == 1 else 'it overlaps with at least two bookings accepted before'} (sharing only an end point is fine); otherwise it is accepted. Return the list of those turned down.",
        ),
        plan="I compare each booking with the accepted ones.",
    )


@lesson
def free_time(g: Random) -> Draft:
    k = g.randint(1, 3)
    name, text, ret, final, alt = g.choice(
        [
            (
                "free_slots",
                f"a list of the free times (start, end) of at least {k} hour{'s' if k > 1 else ''}",
                "list[tuple[int, int]]",
                f"[slot for slot in slots if slot[1] - slot[0] >= {k}]",
                None,
            ),
            (
                "free_hours",
                "the number of free hours",
                "int",
                "sum(end - start for start, end in slots)",
                "return 8 - sum(end - start for start, end in $meetings)",
            ),
            (
                "longest_break",
                "the length of the longest free time in hours",
                "int",
                "max((end - start for start, end in slots), default=0)",
                None,
            ),
            (
                "first_slot",
                f"the start of the first free time of at least {k} hour{'s' if k > 1 else ''}, or None if there is none",
                "int | None",
                f"next((start for start, end in slots if end - start >= {k}), None)",
                None,
            ),
        ]
    )
    return lesson.draft(
        g,
        name,
        "meetings:day",
        ret,
        f"{text} of a working day from 9 to 17 with the meetings (start, end) in @meetings, which are sorted and do not overlap",
        f"slots = []\nat = 9\nfor start, end in $meetings:\n    if start > at:\n        slots.append((at, start))\n    at = end\nif at < 17:\n    slots.append((at, 17))\nreturn {final}",
        *([alt] if alt else []),
        tellings=(
            f"Office hours are from 9 to 17. Given the sorted meetings @meetings as (start, end), find the free times before, between and after them. Return {text}.",
            f"A working day lasts from 9 to 17 o'clock. The meetings of the day are in @meetings as tuples of full hours, in order and without overlaps. Return {text}.",
        ),
        plan="I look at the gap before each meeting and after the last one.",
    )


@lesson
def work_in_order(g: Random) -> Draft:
    how, order = g.choice(
        [
            ("in the given order", "$jobs"),
            ("by deadline, earliest first (ties in the given order)", "sorted($jobs, key=lambda job: job[1])"),
            ("by duration, shortest first (ties in the given order)", "sorted($jobs, key=lambda job: job[0])"),
        ]
    )
    out, ret, init, upd, code = g.choice(
        [
            (
                "the number of jobs that are finished too late",
                "int",
                "late = 0\n",
                "    if at > deadline:\n        late += 1\n",
                "late",
            ),
            (
                "the largest delay beyond a deadline, or 0 if all are in time",
                "int",
                "worst = 0\n",
                "    worst = max(worst, at - deadline)\n",
                "worst",
            ),
            (
                "True if all jobs are finished by their deadlines",
                "bool",
                "",
                "    if at > deadline:\n        return False\n",
                "True",
            ),
            (
                "a list of the finishing times in the order of work",
                "list[int]",
                "times = []\n",
                "    times.append(at)\n",
                "times",
            ),
            ("the sum of the finishing times", "int", "total = 0\n", "    total += at\n", "total"),
        ]
    )
    return lesson.draft(
        g,
        "[late|schedule|workshop]_[jobs|report|times]",
        "jobs:jobs",
        ret,
        f"{out}, when the jobs (duration, deadline) in @jobs are done one after the other from time 0 on, {how}",
        f"at = 0\n{init}for duration, deadline in {order}:\n    at += duration\n{upd}return {code}",
        tellings=(
            f"Do the jobs @jobs, tuples (duration, deadline), {how}, without pauses and beginning at time 0. A job is late if it ends after its deadline. Return {out}.",
            f"A workshop has one machine. The jobs in @jobs are tuples (duration, deadline); the machine starts at time 0 and works without a break, {how}. Return {out}. [Being finished exactly at the deadline is in time.|Finishing at the deadline itself is not late.]",
        ),
        plan="I add up the durations and compare with the deadlines.",
    )


@lesson
def best_paid_jobs(g: Random) -> Draft:
    out, code, ret = g.choice(
        [
            ("the total pay", "sum(slots.values())", "int"),
            ("the number of jobs done", "len(slots)", "int"),
            (
                "a list of the pays in the order of the time units in which the jobs are done",
                "[slots[t] for t in sorted(slots)]",
                "list[int]",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[paid|best]_[jobs|plan]",
        "jobs:paid",
        ret,
        f"{out}, if each job (deadline, pay) in @jobs takes one time unit (units are numbered from 1), jobs are considered from the highest pay to the lowest (ties in the given order), and each is done in the latest free unit not after its deadline, or left out if there is none",
        f"slots = {{}}\nfor deadline, pay in sorted($jobs, key=lambda job: -job[1]):\n    for t in range(deadline, 0, -1):\n        if t not in slots:\n            slots[t] = pay\n            break\nreturn {code}",
        f"slots = {{}}\nfor deadline, pay in sorted($jobs, key=lambda job: job[1], reverse=True):\n    t = deadline\n    while t > 0 and t in slots:\n        t -= 1\n    if t > 0:\n        slots[t] = pay\nreturn {code}",
        tellings=(
            f"Each job in @jobs is a pair (deadline, pay) and takes exactly one day; days are counted from 1. Take the jobs in order of falling pay (equal pay: earlier in the list first). Put each on the last day that is still free and not after its deadline; if there is no such day, skip it. Return {out}.",
        ),
        plan="I sort by pay and look backwards for a free day.",
    )


@lesson
def packing_rules(g: Random) -> Draft:
    k = g.randint(12, 20)
    rule, body = g.choice(
        [
            (
                "in order, and a new box is begun as soon as a thing does not fit into the current box",
                f"boxes = []\nfor w in $weights:\n    if boxes and sum(boxes[-1]) + w <= {k}:\n        boxes[-1].append(w)\n    else:\n        boxes.append([w])\n",
            ),
            (
                "in order, each into the first box in which it fits, or into a new box at the end",
                f"boxes = []\nfor w in $weights:\n    for box in boxes:\n        if sum(box) + w <= {k}:\n            box.append(w)\n            break\n    else:\n        boxes.append([w])\n",
            ),
            (
                "from the heaviest to the lightest, each into the first box in which it fits, or into a new box at the end",
                f"boxes = []\nfor w in sorted($weights, reverse=True):\n    for box in boxes:\n        if sum(box) + w <= {k}:\n            box.append(w)\n            break\n    else:\n        boxes.append([w])\n",
            ),
            (
                "in order, and each box takes at most two things; a new box is begun if the current one is full or the thing would make it too heavy",
                f"boxes = []\nfor w in $weights:\n    if boxes and len(boxes[-1]) < 2 and sum(boxes[-1]) + w <= {k}:\n        boxes[-1].append(w)\n    else:\n        boxes.append([w])\n",
            ),
        ]
    )
    out, code, ret = g.choice(
        [
            ("the number of boxes", "len(boxes)", "int"),
            ("a list of the contents of the boxes", "boxes", "list[list[int]]"),
            ("a list of the weights of the filled boxes", "[sum(box) for box in boxes]", "list[int]"),
            ("the weight of the lightest box, or 0 without boxes", "min(map(sum, boxes), default=0)", "int"),
        ]
    )
    return lesson.draft(
        g,
        "[packed|filled]_[boxes|crates]",
        "weights:pos",
        ret,
        f"{out} when the things with the weights @weights are packed {rule}; a box holds at most {k}",
        f"{body}return {code}",
        tellings=(
            f"A box carries at most {k}. Pack the weights @weights, none of which is above {k}, {rule}. Return {out}.",
            f"Things with the weights @weights (none above {k}) are put into boxes that can carry {k} each. They are packed {rule}. Return {out}.",
        ),
        plan="I keep the boxes as lists and follow the packing rule.",
    )


@lesson
def two_per_boat(g: Random) -> Draft:
    k = g.randint(12, 18)
    out, b1, ret = g.choice(
        [
            ("the number of boats", "boats", "int"),
            ("the number of boats with only one person", "single", "int"),
            ("a list of the boats as tuples, (heaviest, lightest) or (heaviest,)", "crew", "list[tuple[int, ...]]"),
        ]
    )
    var = {
        "boats": ("boats = 0\n", "    boats += 1\n", "", ""),
        "single": ("single = 0\n", "", "", "        single += 1\n"),
        "crew": (
            "crew = []\n",
            "",
            "        crew.append((people[j], people[i]))\n",
            "        crew.append((people[j],))\n",
        ),
    }[b1]
    body = (
        f"people = sorted($weights)\ni, j = 0, len(people) - 1\n{var[0]}while i <= j:\n"
        + f"    if i < j and people[i] + people[j] <= {k}:\n{var[2]}        i += 1\n"
        + (f"    else:\n{var[3]}" if var[3] else "")
        + f"    j -= 1\n{var[1]}return {b1}"
    )
    return lesson.draft(
        g,
        "[boats|rafts|cabins]_[used|needed|filled]",
        "weights:pos",
        ret,
        f"{out} when the heaviest person left always gets a boat and the lightest person left joins if both together weigh at most {k}, for people with the weights @weights",
        body,
        tellings=(
            f"People with the weights @weights (nobody weighs more than {k}) cross a river. A boat carries one or two people with at most {k} together. The heaviest one still waiting takes the next boat; the lightest one still waiting goes along if the weight allows it. Return {out}.",
        ),
        plan="After sorting, one pointer goes up from the lightest and one down from the heaviest.",
    )


@lesson
def coin_greedy(g: Random) -> Draft:
    coins = g.choice([[50, 20, 10, 5], [10, 4, 1], [25, 10, 5, 1], [12, 6, 5, 1], [20, 8, 3], [9, 5, 2]])
    listed = ", ".join(map(str, coins[:-1])) + f" and {coins[-1]}"
    out, code, ret = g.choice(
        [
            ("a list of the coins", "paid", "list[int]"),
            ("the number of coins", "len(paid)", "int"),
            (
                "a dictionary from coin value to number of coins, for coins that are used",
                "{c: paid.count(c) for c in paid}",
                "dict[int, int]",
            ),
            ("the amount that is left over in the end", "$amount", "int"),
            ("the number of different coin values used", "len(set(paid))", "int"),
        ]
    )
    return lesson.draft(
        g,
        "[coins|change]_[greedy|paid|out]",
        "amount:goal",
        ret,
        f"{out} when @amount is paid with coins of {listed}, always taking the largest coin that is not more than the rest, until no coin fits any more",
        f"paid = []\nfor coin in {coins}:\n    while coin <= $amount:\n        paid.append(coin)\n        $amount -= coin\nreturn {code}",
        f"paid = []\nwhile any(coin <= $amount for coin in {coins}):\n    coin = max(c for c in {coins} if c <= $amount)\n    paid.append(coin)\n    $amount -= coin\nreturn {code}",
        tellings=(
            f"Pay @amount greedily: as long as one of the coins {listed} is not larger than the rest, pay with the largest such coin. Return {out}.",
            f"A machine pays out @amount with coins of {listed}. It always chooses the largest coin that is not greater than what remains to be paid, and stops when no coin fits. Return {out}.",
        ),
        plan="I go through the coins from large to small.",
    )


@lesson
def coin_tables(g: Random) -> Draft:
    k = g.randint(2, 3)
    name, text, ret, b1, b2 = g.choice(
        [
            (
                "fewest_coins",
                "the smallest number of coins from @coins (each may be used any number of times) that add up to exactly @amount, or -1 if that is impossible",
                "int",
                "best = [0] + [None] * $amount\nfor a in range(1, $amount + 1):\n    options = [best[a - c] for c in $coins if c <= a and best[a - c] is not None]\n    if options:\n        best[a] = min(options) + 1\nreturn -1 if best[$amount] is None else best[$amount]",
                "reached, n = {0}, 0\nwhile reached:\n    if $amount in reached:\n        return n\n    reached = {a + c for a in reached for c in $coins if a + c <= $amount}\n    n += 1\nreturn -1",
            ),
            (
                "limited_ways",
                f"the number of ways to pay @amount exactly with @coins, using each coin value at most {k} times; the order of the coins does not matter",
                "int",
                f"ways = {{0: 1}}\nfor c in $coins:\n    following = {{}}\n    for a, n in ways.items():\n        for times in range({k + 1}):\n            following[a + times * c] = following.get(a + times * c, 0) + n\n    ways = following\nreturn ways.get($amount, 0)",
                f"def count_ways(i, rest):\n    if i == len($coins):\n        return 1 if rest == 0 else 0\n    return sum(count_ways(i + 1, rest - times * $coins[i]) for times in range({k + 1}))\n\nreturn count_ways(0, $amount)",
            ),
            (
                "unpayable_amounts",
                "a list of all amounts from 1 to @amount that cannot be paid exactly with @coins, each coin value being available any number of times",
                "list[int]",
                "good = [True] + [False] * $amount\nfor a in range(1, $amount + 1):\n    good[a] = any(c <= a and good[a - c] for c in $coins)\nreturn [a for a in range(1, $amount + 1) if not good[a]]",
                "reached = {0}\nfor a in range($amount + 1):\n    if a in reached:\n        reached |= {a + c for c in $coins}\nreturn [a for a in range(1, $amount + 1) if a not in reached]",
            ),
            (
                "closest_payable",
                "the largest amount that is not more than @amount and can be paid with each of @coins used at most once",
                "int",
                "sums = {0}\nfor c in $coins:\n    sums |= {s + c for s in sums}\nreturn max(s for s in sums if s <= $amount)",
                "best = 0\nfor size in range(len($coins) + 1):\n    for group in itertools.combinations($coins, size):\n        if best < sum(group) <= $amount:\n            best = sum(group)\nreturn best",
            ),
            (
                "exact_number_of_coins",
                f"True if @amount can be paid with exactly {k} coins from @coins, where each coin value may be used several times",
                "bool",
                f"return any(sum(group) == $amount for group in itertools.combinations_with_replacement($coins, {k}))",
                f"sums = {{0}}\nfor _ in range({k}):\n    sums = {{s + c for s in sums for c in $coins}}\nreturn $amount in sums",
            ),
            (
                "overpay_least",
                "the smallest amount that is at least @amount and can be paid with @coins, each coin value being available any number of times",
                "int",
                "top = $amount + max($coins)\ngood = [True] + [False] * top\nfor a in range(1, top + 1):\n    good[a] = any(c <= a and good[a - c] for c in $coins)\nreturn next(a for a in range($amount, top + 1) if good[a])",
                "reached = {0}\na = 0\nwhile True:\n    if a in reached:\n        if a >= $amount:\n            return a\n        reached |= {a + c for c in $coins}\n    a += 1",
            ),
        ]
    )
    return lesson.draft(
        g,
        name,
        "coins:coins amount:goal",
        ret,
        text,
        b1,
        b2,
        imports=("import itertools",),
        tellings=(
            f"A country has the coins @coins. Return {text}.",
            f"[Think about paying with coins|Here is a question about coins]: return {text}.",
        ),
        plan="I work out from small to large amounts what can be paid.",
    )


@lesson
def bag_of_things(g: Random) -> Draft:
    name, text, ret, b1, b2 = g.choice(
        [
            (
                "best_value",
                "the largest total value of things from @goods with a total weight of at most @limit, each thing being taken once or not at all",
                "int",
                "best = [0] * ($limit + 1)\nfor weight, value in $goods:\n    for room in range($limit, weight - 1, -1):\n        best[room] = max(best[room], best[room - weight] + value)\nreturn best[$limit]",
                "def pick(i, room):\n    if i == len($goods):\n        return 0\n    weight, value = $goods[i]\n    best = pick(i + 1, room)\n    if weight <= room:\n        best = max(best, value + pick(i + 1, room - weight))\n    return best\n\nreturn pick(0, $limit)",
            ),
            (
                "greedy_value",
                "the total value of the things taken, if one goes through @goods from the highest value to the lowest (ties in the given order) and takes each thing that still fits into a bag for a weight of at most @limit",
                "int",
                "total = 0\nroom = $limit\nfor weight, value in sorted($goods, key=lambda t: -t[1]):\n    if weight <= room:\n        room -= weight\n        total += value\nreturn total",
                None,
            ),
            (
                "most_things",
                "the largest number of things from @goods that can be taken with a total weight of at most @limit",
                "int",
                "room, n = $limit, 0\nfor weight in sorted(w for w, _ in $goods):\n    if weight > room:\n        break\n    room -= weight\n    n += 1\nreturn n",
                "weights = sorted(t[0] for t in $goods)\nn = 0\nwhile n < len(weights) and sum(weights[:n + 1]) <= $limit:\n    n += 1\nreturn n",
            ),
            (
                "lightest_for_value",
                "the smallest total weight of things from @goods whose total value is at least @limit, or None if all things together are not worth that much",
                "int | None",
                "best = None\nfor size in range(len($goods) + 1):\n    for group in itertools.combinations($goods, size):\n        if sum(v for _, v in group) >= $limit:\n            weight = sum(w for w, _ in group)\n            if best is None or weight < best:\n                best = weight\nreturn best",
                None,
            ),
            (
                "greedy_by_ratio",
                "a list of the things (weight, value) taken, if one goes through @goods by falling value per weight (ties in the given order) and takes each thing that still fits into a bag for a weight of at most @limit",
                "list[tuple[int, int]]",
                "taken = []\nroom = $limit\nfor weight, value in sorted($goods, key=lambda t: -t[1] / t[0]):\n    if weight <= room:\n        taken.append((weight, value))\n        room -= weight\nreturn taken",
                None,
            ),
            (
                "repeated_value",
                "the largest total value with a total weight of at most @limit, if every kind of thing in @goods is there as often as one likes",
                "int",
                "best = [0] * ($limit + 1)\nfor room in range(1, $limit + 1):\n    best[room] = best[room - 1]\n    for weight, value in $goods:\n        if weight <= room:\n            best[room] = max(best[room], best[room - weight] + value)\nreturn best[$limit]",
                None,
            ),
        ]
    )
    return lesson.draft(
        g,
        name,
        "goods:goods limit:limit",
        ret,
        f"{text}; each thing is a tuple (weight, value)",
        *([b1, b2] if b2 else [b1]),
        imports=("import itertools",),
        tellings=(
            f"You are given a list @goods of tuples (weight, value) and a number @limit. Your task is to return {text}.",
            f"A hiker packs a bag. Each thing in @goods is a tuple (weight, value). Return {text}.",
        ),
        plan="I decide for every thing whether it is taken.",
    )


@lesson
def pointers_on_sorted(g: Random) -> Draft:
    name, text, ret, b1, b2 = g.choice(
        [
            (
                "pairs_within",
                "the number of pairs of positions of @line whose numbers have a sum of at most @limit",
                "int",
                "i, j = 0, len($line) - 1\ntotal = 0\nwhile i < j:\n    if $line[i] + $line[j] <= $limit:\n        total += j - i\n        i += 1\n    else:\n        j -= 1\nreturn total",
                "n = len($line)\nreturn sum($line[i] + $line[j] <= $limit for i in range(n) for j in range(i + 1, n))",
            ),
            (
                "closest_sum",
                "the sum of two numbers at different positions of @line that is closest to @limit, the smaller sum if two are equally close, or None if there are fewer than two numbers",
                "int | None",
                "best = None\ni, j = 0, len($line) - 1\nwhile i < j:\n    s = $line[i] + $line[j]\n    if best is None or (abs(s - $limit), s) < (abs(best - $limit), best):\n        best = s\n    if s < $limit:\n        i += 1\n    else:\n        j -= 1\nreturn best",
                "sums = [$line[i] + $line[j] for i in range(len($line)) for j in range(i)]\nreturn min(sums, key=lambda s: (abs(s - $limit), s), default=None)",
            ),
            (
                "pairs_with_gap",
                "the number of pairs of positions of @line whose numbers differ by exactly @limit",
                "int",
                "n = len($line)\ntotal = 0\nfor i in range(n):\n    for j in range(i + 1, n):\n        if $line[j] - $line[i] == $limit:\n            total += 1\nreturn total",
                "seen = {}\ntotal = 0\nfor v in $line:\n    total += seen.get(v - $limit, 0)\n    seen[v] = seen.get(v, 0) + 1\nreturn total",
            ),
            (
                "longest_close_group",
                "the largest number of elements of @line that one can choose so that no two of them differ by more than @limit",
                "int",
                "best = left = 0\nfor right in range(len($line)):\n    while $line[right] - $line[left] > $limit:\n        left += 1\n    best = max(best, right - left + 1)\nreturn best",
                "return max((sum(low <= v <= low + $limit for v in $line) for low in $line), default=0)",
            ),
            (
                "outer_pairs",
                "a list of pairs made of the first and the last number of @line, the second and the second to last, and so on, keeping only pairs that differ by more than @limit; a middle number is ignored",
                "list[tuple[int, int]]",
                "pairs = []\ni, j = 0, len($line) - 1\nwhile i < j:\n    if $line[j] - $line[i] > $limit:\n        pairs.append(($line[i], $line[j]))\n    i += 1\n    j -= 1\nreturn pairs",
                "half = len($line) // 2\nreturn [(p, q) for p, q in zip($line[:half], $line[::-1]) if q - p > $limit]",
            ),
            (
                "insert_place",
                "the number of elements of the list @line that are less than @limit, found by bisection",
                "int",
                "low, high = 0, len($line)\nwhile low < high:\n    middle = (low + high) // 2\n    if $line[middle] < $limit:\n        low = middle + 1\n    else:\n        high = middle\nreturn low",
                "return sum(1 for v in $line if v < $limit)",
            ),
        ]
    )
    return lesson.draft(
        g,
        name,
        "line:sorted limit:limit",
        ret,
        text,
        b1,
        b2,
        tellings=(
            f"The numbers in @line are in ascending order. Return {text}. [Try to use the order.|Make use of the fact that the list is sorted.]",
        ),
        plan="Because the list is sorted, two pointers are enough.",
    )


@lesson
def two_sorted_lists(g: Random) -> Draft:
    name, text, ret, b1, b2 = g.choice(
        [
            (
                "merge_down",
                "one list of all numbers of @one and @two in descending order",
                "list[int]",
                "result = []\ni, j = len($one) - 1, len($two) - 1\nwhile i >= 0 or j >= 0:\n    if j < 0 or (i >= 0 and $one[i] >= $two[j]):\n        result.append($one[i])\n        i -= 1\n    else:\n        result.append($two[j])\n        j -= 1\nreturn result",
                "return sorted($one + $two, reverse=True)",
            ),
            (
                "shared_with_copies",
                "the numbers that are in both @one and @two in ascending order, each as often as it occurs in the list that has fewer of it",
                "list[int]",
                "result = []\ni = j = 0\nwhile i < len($one) and j < len($two):\n    if $one[i] == $two[j]:\n        result.append($one[i])\n        i += 1\n        j += 1\n    elif $one[i] < $two[j]:\n        i += 1\n    else:\n        j += 1\nreturn result",
                "rest = list($two)\nresult = []\nfor v in $one:\n    if v in rest:\n        rest.remove(v)\n        result.append(v)\nreturn result",
            ),
            (
                "smallest_distance",
                "the smallest distance between a number of @one and a number of @two, or None if one of the lists is empty",
                "int | None",
                "best = None\ni = j = 0\nwhile i < len($one) and j < len($two):\n    d = abs($one[i] - $two[j])\n    if best is None or d < best:\n        best = d\n    if $one[i] < $two[j]:\n        i += 1\n    else:\n        j += 1\nreturn best",
                "return min((abs(p - q) for p in $one for q in $two), default=None)",
            ),
            (
                "exclusive_numbers",
                "a list of the different numbers that are in exactly one of the lists @one and @two, in ascending order",
                "list[int]",
                "return sorted(set($one) ^ set($two))",
                "result = []\nfor v in sorted(set($one + $two)):\n    if (v in $one) != (v in $two):\n        result.append(v)\nreturn result",
            ),
            (
                "wins_against",
                "the largest number of duels that the players with the strengths @one can win against those with the strengths @two, if each plays at most once and only a strictly stronger player wins",
                "int",
                "wins = 0\nfor v in $one:\n    if wins < len($two) and v > $two[wins]:\n        wins += 1\nreturn wins",
                "i = j = 0\nwhile i < len($one) and j < len($two):\n    if $one[i] > $two[j]:\n        j += 1\n    i += 1\nreturn j",
            ),
            (
                "merged_origin",
                "a string with one letter for each number of both lists in ascending order, 'a' if it comes from @one and 'b' if it comes from @two; of equal numbers, those from @one come first",
                "str",
                "result = ''\ni = j = 0\nwhile i < len($one) or j < len($two):\n    if j == len($two) or (i < len($one) and $one[i] <= $two[j]):\n        result += 'a'\n        i += 1\n    else:\n        result += 'b'\n        j += 1\nreturn result",
                "marked = [(v, 'a') for v in $one] + [(v, 'b') for v in $two]\nreturn ''.join(mark for _, mark in sorted(marked))",
            ),
        ]
    )
    return lesson.draft(
        g,
        name,
        "one:sorted two:sorted2",
        ret,
        text,
        b1,
        b2,
        tellings=(
            f"Both @one and @two are sorted in ascending order. Return {text}.",
            f"You are given two ascending lists of integers, @one and @two. Your task is to return {text}.",
        ),
        plan="One pointer goes through each list.",
    )


@lesson
def stretch_of_list(g: Random) -> Draft:
    k = g.randint(2, 3)
    cond, text = g.choice(
        [
            ("sum(part) <= $limit", "whose sum is at most @limit"),
            (
                "max(part) - min(part) <= $limit",
                "in which the largest and the smallest number differ by at most @limit",
            ),
            (f"len(set(part)) <= {k}", f"with at most {k} different values"),
            ("len(set(part)) == len(part)", "in which no value occurs twice"),
            ("all(p <= q for p, q in zip(part, part[1:]))", "in which the numbers never decrease"),
            ("sum(v > $limit for v in part) <= 1", "in which at most one number is greater than @limit"),
            ("all((p + q) % 2 == 1 for p, q in zip(part, part[1:]))", "in which even and odd numbers alternate"),
        ]
    )
    lim = "$limit" in cond
    out, ret = g.choice(
        [
            ("the length of the longest run of consecutive elements of @row", "int"),
            ("the first of the longest runs of consecutive elements of @row, as a list,", "list[int]"),
            ("the number of non-empty runs of consecutive elements of @row (counted by position)", "int"),
        ]
    )
    if out.startswith("the length"):
        body = f"best = 0\nfor i in range(len($row)):\n    for j in range(i + 1, len($row) + 1):\n        part = $row[i:j]\n        if {cond}:\n            best = max(best, j - i)\nreturn best"
        win = f"best = start = 0\nfor end in range(1, len($row) + 1):\n    while start < end:\n        part = $row[start:end]\n        if {cond}:\n            break\n        start += 1\n    best = max(best, end - start)\nreturn best"
        bodies: tuple[str, ...] = (win, body)
    elif ret == "list[int]":
        bodies = (
            f"best = []\nfor i in range(len($row)):\n    for j in range(i + 1, len($row) + 1):\n        part = $row[i:j]\n        if {cond} and len(part) > len(best):\n            best = part\nreturn best",
        )
    else:
        bodies = (
            f"best = 0\nfor i in range(len($row)):\n    for j in range(i + 1, len($row) + 1):\n        part = $row[i:j]\n        if {cond}:\n            best += 1\nreturn best".replace(
                "best", "total"
            ),
            f"n = len($row)\nparts = [$row[i:j] for i in range(n) for j in range(i + 1, n + 1)]\nreturn sum(1 for part in parts if {cond})",
        )
    return lesson.draft(
        g,
        "[longest|good]_[stretch|run|window]",
        "row:pos limit:limit" if lim else "row:pos",
        ret,
        f"{out} {text}",
        *bodies,
        tellings=(
            f"A run is a part of the list @row without gaps. Call a non-empty run good if it is one {text}. Return "
            + {
                "int": "the length of the longest good run, or 0 if there is none"
                if out.startswith("the length")
                else "how many good runs there are; runs at different positions are counted separately",
                "list[int]": "the longest good run, the first one if there are several, or an empty list if there is none",
            }[ret]
            + ".",
        ),
        plan="I check the runs of consecutive elements.",
    )


@lesson
def shortest_stretch(g: Random) -> Draft:
    cond, text = g.choice(
        [
            ("sum(part) >= $limit", "whose sum is at least @limit"),
            ("sum(part) % $limit == 0", "whose sum is divisible by @limit"),
            (
                "len(part) > 1 and part[0] == part[-1]",
                "of at least two elements that begins and ends with the same value",
            ),
            ("len(set(part)) >= 3", "with at least three different values"),
            ("set(part) == set($row)", "that contains every value of @row at least once"),
        ]
    )
    lim = "$limit" in cond
    as_list = g.random() < 0.35
    if as_list:
        body = f"n = len($row)\nfor size in range(1, n + 1):\n    for i in range(n - size + 1):\n        part = $row[i:i + size]\n        if {cond}:\n            return part\nreturn []"
        alt = f"best = []\nfor i in range(len($row)):\n    for j in range(i + 1, len($row) + 1):\n        part = $row[i:j]\n        if {cond}:\n            if not best or len(part) < len(best):\n                best = part\n            break\nreturn best"
        return lesson.draft(
            g,
            "[shortest|smallest]_[piece|section]",
            "row:pos limit:small" if "%" in cond else "row:pos limit:limit" if lim else "row:pos",
            "list[int]",
            f"the shortest run of consecutive elements of @row {text}, the first one if there are several, or an empty list if there is none",
            body,
            alt,
            tellings=(
                f"Among all non-empty parts of @row without gaps, look for the shortest one {text}. If there are several of that length, take the leftmost; if there is none, return an empty list.",
            ),
            plan="I try the lengths from short to long.",
        )
    body = f"n = len($row)\nfor size in range(1, n + 1):\n    for i in range(n - size + 1):\n        part = $row[i:i + size]\n        if {cond}:\n            return size\nreturn 0"
    alt = f"sizes = []\nfor i in range(len($row)):\n    for j in range(i + 1, len($row) + 1):\n        part = $row[i:j]\n        if {cond}:\n            sizes.append(j - i)\n            break\nreturn min(sizes, default=0)"
    return lesson.draft(
        g,
        "[shortest|minimal]_[run|stretch]_length",
        "row:pos limit:small" if "%" in cond else "row:pos limit:limit" if lim else "row:pos",
        "int",
        f"the length of the shortest run of consecutive elements of @row {text}, or 0 if there is none",
        body,
        alt,
        tellings=(
            f"Find the shortest part of the list @row, made of neighbouring elements, {text}. Return its length, or 0 if there is no such part.",
        ),
        plan="I try the lengths from short to long.",
    )


@lesson
def prefix_scans(g: Random) -> Draft:
    k = g.randint(5, 15)
    name, text, ret, b1, b2 = g.choice(
        [
            (
                "balance_points",
                "a list of the indices at which the sum of all numbers before is equal to the sum of all numbers after",
                "list[int]",
                "total, before, found = sum($row), 0, []\nfor i, v in enumerate($row):\n    if before == total - before - v:\n        found.append(i)\n    before += v\nreturn found",
                "return [i for i in range(len($row)) if sum($row[:i]) == sum($row[i + 1:])]",
            ),
            (
                "prefix_over",
                f"the number of elements in the shortest beginning of the list whose sum is greater than {k}, or -1 if there is none",
                "int",
                f"total = 0\nfor i, v in enumerate($row, 1):\n    total += v\n    if total > {k}:\n        return i\nreturn -1",
                f"for i in range(1, len($row) + 1):\n    if sum($row[:i]) > {k}:\n        return i\nreturn -1",
            ),
            (
                "best_cut",
                "the index at which to cut the list into two parts so that their sums differ as little as possible; the cut i puts i elements into the first part, both parts may be empty, and the smallest index wins a tie",
                "int",
                "return min(range(len($row) + 1), key=lambda i: abs(sum($row[:i]) - sum($row[i:])))",
                "total = sum($row)\nbest, before = 0, 0\ngap = abs(total)\nfor i, v in enumerate($row, 1):\n    before += v\n    if abs(total - 2 * before) < gap:\n        best, gap = i, abs(total - 2 * before)\nreturn best",
            ),
            (
                "zero_sum_parts",
                "the number of parts of consecutive elements whose sum is 0",
                "int",
                "seen = {0: 1}\ntotal = hits = 0\nfor v in $row:\n    total += v\n    hits += seen.get(total, 0)\n    seen[total] = seen.get(total, 0) + 1\nreturn hits",
                "n = len($row)\nreturn sum(1 for i in range(n) for j in range(i + 1, n + 1) if sum($row[i:j]) == 0)",
            ),
            (
                "lowest_prefix",
                "the smallest sum that a beginning of the list has, the empty beginning with sum 0 included",
                "int",
                "total = lowest = 0\nfor v in $row:\n    total += v\n    lowest = min(lowest, total)\nreturn lowest",
                "return min(sum($row[:i]) for i in range(len($row) + 1))",
            ),
            (
                "sign_changes_of_sums",
                "how often the running sum changes from negative to positive or back, where running sums of 0 are passed over",
                "int",
                "total, last, changes = 0, 0, 0\nfor v in $row:\n    total += v\n    if total:\n        sign = 1 if total > 0 else -1\n        if last and sign != last:\n            changes += 1\n        last = sign\nreturn changes",
                "sums = [sum($row[:i]) for i in range(1, len($row) + 1)]\nsums = [s for s in sums if s != 0]\nreturn sum((p > 0) != (q > 0) for p, q in zip(sums, sums[1:]))",
            ),
            (
                "start_credit",
                "the smallest non-negative number to start with so that it never becomes negative when the numbers are added one by one",
                "int",
                "total = need = 0\nfor v in $row:\n    total += v\n    need = max(need, -total)\nreturn need",
                "start = 0\nwhile True:\n    total = start\n    for v in $row:\n        total += v\n        if total < 0:\n            break\n    else:\n        return start\n    start += 1",
            ),
        ]
    )
    return lesson.draft(
        g,
        name,
        "row:ints",
        ret,
        f"{text}, for the list @row" if "," in text else f"{text}, given the list @row",
        b1,
        b2,
        tellings=(
            f"@row is a list of integers, positive and negative. Return {text}.",
            f"[Going through @row from left to right|Working with the running sums of @row], find {text}.",
        ),
        plan="I keep the sum of the elements so far.",
    )


@lesson
def suffix_scans(g: Random) -> Draft:
    name, text, ret, b1, b2 = g.choice(
        [
            (
                "taller_than_rest",
                "a list of the elements of @row that are greater than all elements to their right, from left to right",
                "list[int]",
                "result = []\nbest = None\nfor v in reversed($row):\n    if best is None or v > best:\n        result.append(v)\n        best = v\nreturn result[::-1]",
                "return [v for i, v in enumerate($row) if all(v > w for w in $row[i + 1:])]",
            ),
            (
                "wait_for_larger",
                "a list that has, for each element of @row, how many places further right the next larger element stands, or 0 if there is none",
                "list[int]",
                "result = [0] * len($row)\nstack = []\nfor i, v in enumerate($row):\n    while stack and $row[stack[-1]] < v:\n        j = stack.pop()\n        result[j] = i - j\n    stack.append(i)\nreturn result",
                "result = []\nfor i, v in enumerate($row):\n    result.append(next((j - i for j in range(i + 1, len($row)) if $row[j] > v), 0))\nreturn result",
            ),
            (
                "replace_by_later_max",
                "a list in which each element of @row is replaced by the largest element after it, and the last one by -1",
                "list[int]",
                "result, best = [], -1\nfor v in reversed($row):\n    result.append(best)\n    best = max(best, v)\nreturn result[::-1]",
                "return [max($row[i + 1:], default=-1) for i in range(len($row))]",
            ),
            (
                "smaller_after",
                "a list with the number of smaller elements to the right of each element of @row",
                "list[int]",
                "return [sum(w < v for w in $row[i + 1:]) for i, v in enumerate($row)]",
                "result = []\nfor i in range(len($row)):\n    n = 0\n    for j in range(i + 1, len($row)):\n        if $row[j] < $row[i]:\n            n += 1\n    result.append(n)\nreturn result",
            ),
            (
                "nearest_smaller_left",
                "a list that has, for each element of @row, the closest smaller element to its left, or None if there is none",
                "list[int | None]",
                "result, stack = [], []\nfor v in $row:\n    while stack and stack[-1] >= v:\n        stack.pop()\n    result.append(stack[-1] if stack else None)\n    stack.append(v)\nreturn result",
                "return [next((w for w in reversed($row[:i]) if w < v), None) for i, v in enumerate($row)]",
            ),
            (
                "good_cuts",
                "the number of places between two elements of @row where every element to the left is at most as large as every element to the right",
                "int",
                "return sum(max($row[:i]) <= min($row[i:]) for i in range(1, len($row)))",
                "n = 0\nfor i in range(1, len($row)):\n    if all(p <= q for p in $row[:i] for q in $row[i:]):\n        n += 1\nreturn n",
            ),
            (
                "widest_rise",
                "the largest distance j - i of two positions i < j of @row with the element at j greater than the element at i, or 0 if there are none",
                "int",
                "n = len($row)\nreturn max((j - i for i in range(n) for j in range(i + 1, n) if $row[j] > $row[i]), default=0)",
                "best = 0\nfor i in range(len($row)):\n    for j in range(len($row) - 1, i, -1):\n        if $row[j] > $row[i]:\n            best = max(best, j - i)\n            break\nreturn best",
            ),
        ]
    )
    return lesson.draft(
        g,
        name,
        "row:pos",
        ret,
        text,
        b1,
        b2,
        tellings=(
            f"Given a list @row of positive integers, return {text}.",
            f"[Look from each element of @row to its neighbours further away|Compare the elements of @row with those before or after them]. Return {text}.",
        ),
        plan="I scan the list and remember what the rest needs to know.",
    )


@lesson
def water_and_bars(g: Random) -> Draft:
    name, text, b1, b2 = g.choice(
        [
            (
                "water_held",
                "the amount of water that stays between the bars after rain: above each bar, water stands up to the lower one of the highest bar to the left and the highest bar to the right",
                "total = 0\nfor i, h in enumerate($bars):\n    level = min(max($bars[:i + 1]), max($bars[i:]))\n    total += level - h\nreturn total",
                "i, j = 0, len($bars) - 1\nleft = right = total = 0\nwhile i <= j:\n    if left <= right:\n        left = max(left, $bars[i])\n        total += left - $bars[i]\n        i += 1\n    else:\n        right = max(right, $bars[j])\n        total += right - $bars[j]\n        j -= 1\nreturn total",
            ),
            (
                "widest_pool",
                "the largest product of the distance of two bars and the height of the lower one of them, or 0 if there are fewer than two bars",
                "n = len($bars)\nreturn max(((j - i) * min($bars[i], $bars[j]) for i in range(n) for j in range(i + 1, n)), default=0)",
                "best, i, j = 0, 0, len($bars) - 1\nwhile i < j:\n    best = max(best, (j - i) * min($bars[i], $bars[j]))\n    if $bars[i] < $bars[j]:\n        i += 1\n    else:\n        j -= 1\nreturn best",
            ),
            (
                "poster_area",
                "the area of the largest rectangle that fits within the bars, which stand side by side and are 1 wide each",
                "best = 0\nfor i in range(len($bars)):\n    lowest = $bars[i]\n    for j in range(i, len($bars)):\n        lowest = min(lowest, $bars[j])\n        best = max(best, lowest * (j - i + 1))\nreturn best",
                "n = len($bars)\nreturn max((min($bars[i:j]) * (j - i) for i in range(n) for j in range(i + 1, n + 1)), default=0)",
            ),
            (
                "brush_strokes",
                "the smallest number of horizontal strokes, each 1 high and as long as one likes but without gaps, that paint all bars completely and nothing else",
                "strokes = before = 0\nfor h in $bars:\n    strokes += max(0, h - before)\n    before = h\nreturn strokes",
                "total = 0\nfor level in range(1, max($bars, default=0) + 1):\n    row = ''.join('#' if h >= level else ' ' for h in $bars)\n    total += len(row.split())\nreturn total",
            ),
            (
                "outline_length",
                "the length of the outline of the bars, which stand side by side without gaps and are 1 wide each, without the bottom line",
                "total = sum(1 for h in $bars if h > 0)\nfor p, q in zip([0] + $bars, $bars + [0]):\n    total += abs(p - q)\nreturn total",
                "padded = [0, *$bars, 0]\nsides = sum(abs(padded[i] - padded[i + 1]) for i in range(len(padded) - 1))\nreturn sides + len([h for h in $bars if h])",
            ),
        ]
    )
    return lesson.draft(
        g,
        name,
        "bars:heights",
        "int",
        f"{text}, where @bars lists the heights of the bars from left to right",
        b1,
        b2,
        tellings=(
            f"Given the heights @bars of neighbouring bars, each 1 wide, compute {text}.",
            f"Bars of width 1 stand in a row; @bars has their heights. Return {text}.",
        ),
        plan="I look at the bars from both sides.",
    )


@lesson
def price_choices(g: Random) -> Draft:
    fee = g.randint(1, 3)
    name, text, ret, b1, b2 = g.choice(
        [
            (
                "best_gain_with_fee",
                f"the largest gain from buying on one day and selling on a later one, if this costs a fee of {fee}, or 0 if no gain is possible",
                "int",
                f"best, lowest = 0, None\nfor p in $prices:\n    if lowest is not None:\n        best = max(best, p - lowest - {fee})\n    lowest = p if lowest is None else min(lowest, p)\nreturn best",
                f"gains = [$prices[j] - $prices[i] - {fee} for i in range(len($prices)) for j in range(i + 1, len($prices))]\nreturn max([0, *gains])",
            ),
            (
                "gain_after_waiting",
                f"the largest gain from buying on one day and selling at least {fee + 1} days later, or 0 if no gain is possible",
                "int",
                f"best = 0\nfor i in range(len($prices)):\n    for j in range(i + {fee + 1}, len($prices)):\n        best = max(best, $prices[j] - $prices[i])\nreturn best",
                f"return max([0] + [max($prices[i + {fee + 1}:]) - p for i, p in enumerate($prices) if i + {fee + 1} < len($prices)])",
            ),
            (
                "all_rises",
                "the gain of somebody who holds the share on exactly those nights after which the price rises",
                "int",
                "return sum(max(0, q - p) for p, q in zip($prices, $prices[1:]))",
                "gain = 0\nfor i in range(1, len($prices)):\n    if $prices[i] > $prices[i - 1]:\n        gain += $prices[i] - $prices[i - 1]\nreturn gain",
            ),
            (
                "worst_drop",
                "the largest fall from a price to a price on a later day, or 0 if prices never fall",
                "int",
                "worst, highest = 0, 0\nfor p in $prices:\n    highest = max(highest, p)\n    worst = max(worst, highest - p)\nreturn worst",
                "n = len($prices)\nreturn max((($prices[i] - $prices[j]) for i in range(n) for j in range(i, n)), default=0)",
            ),
            (
                "best_days",
                "the days (buy, sell), counted from 0, with the largest gain from buying on the first and selling on the second, later one; the earliest buying day and then the earliest selling day if there are several, or None if no gain is possible",
                "tuple[int, int] | None",
                "best, days = 0, None\nfor i in range(len($prices)):\n    for j in range(i + 1, len($prices)):\n        if $prices[j] - $prices[i] > best:\n            best = $prices[j] - $prices[i]\n            days = (i, j)\nreturn days",
                "pairs = [(i, j) for i in range(len($prices)) for j in range(i + 1, len($prices)) if $prices[j] > $prices[i]]\nreturn max(pairs, key=lambda d: $prices[d[1]] - $prices[d[0]], default=None)",
            ),
            (
                "savings_plan",
                f"the number of shares bought by somebody who gets {fee + 4} coins each day, buys one share whenever there is enough money, but never more than one per day",
                "int",
                f"money = shares = 0\nfor p in $prices:\n    money += {fee + 4}\n    if money >= p:\n        money -= p\n        shares += 1\nreturn shares",
                f"bought, purse = [], 0\nfor p in $prices:\n    purse += {fee + 4}\n    if p <= purse:\n        purse -= p\n        bought.append(p)\nreturn len(bought)",
            ),
        ]
    )
    return lesson.draft(
        g,
        name,
        "prices:prices",
        ret,
        f"{text}, given the prices @prices day by day",
        b1,
        b2,
        tellings=(
            f"The price of a share on each day is in @prices. Return {text}.",
            f"[A trader looks back at|Somebody studies] the daily prices @prices. [Work out|Return] {text}.",
        ),
        plan="I go through the days and keep the best value so far.",
    )


@lesson
def spaced_selection(g: Random) -> Draft:
    k = g.randint(1, 2)
    gap = "no two of them are neighbours" if k == 1 else "between any two of them there are at least two others"
    mode = g.choice(["sum", "count", "ring"]) if k == 1 else g.choice(["sum", "count"])
    if mode == "sum":
        b = (
            f"best = [0] * (len($row) + 1)\nfor i, v in enumerate($row):\n    best[i + 1] = max(best[i], v + best[max(0, i - {k})])\nreturn best[-1]",
            f"if not $row:\n    return 0\nreturn max(SELF($row[1:]), $row[0] + SELF($row[{k + 1}:]))",
        )
        return lesson.draft(
            g,
            "[spaced|apart|distant]_[sum|total]",
            "row:ints",
            "int",
            f"the largest sum of elements of @row that can be chosen so that {gap}; choosing nothing gives 0",
            *b,
            tellings=(
                f"From the row of numbers @row, choose any elements such that {gap}. What is the largest sum possible? Nothing needs to be chosen, which gives 0.",
            ),
            plan="For each element I either take it and skip its neighbours or leave it.",
        )
    if mode == "count":
        return lesson.draft(
            g,
            "[spaced|apart]_[choices|ways]",
            "row:pos",
            "int",
            f"the number of ways to choose elements of @row by position so that {gap} and all chosen ones are even; choosing nothing is one way",
            f"ways = [1] * (len($row) + 1)\nfor i, v in enumerate($row):\n    ways[i + 1] = ways[i]\n    if v % 2 == 0:\n        ways[i + 1] += ways[max(0, i - {k})]\nreturn ways[-1]",
            f"if not $row:\n    return 1\ntotal = SELF($row[1:])\nif $row[0] % 2 == 0:\n    total += SELF($row[{k + 1}:])\nreturn total",
            tellings=(
                f"In how many ways can one mark some of the even numbers in @row so that {gap}? Marking none counts as one way, and equal numbers at different places are different.",
            ),
            plan="I count the ways for longer and longer beginnings.",
        )
    return lesson.draft(
        g,
        "[ring|circle]_[sum|total]",
        "row:pos",
        "int",
        "the largest sum of elements that can be chosen from @row, seen as a circle in which the first and the last element are neighbours, so that no two chosen ones are neighbours",
        "def best(part):\n    take = skip = 0\n    for v in part:\n        take, skip = skip + v, max(skip, take)\n    return max(take, skip)\n\nif len($row) == 1:\n    return $row[0]\nreturn max(best($row[1:]), best($row[:-1]))",
        tellings=(
            "The numbers in @row stand in a circle. Choose some of them so that no two chosen numbers stand next to each other; the first and the last one are neighbours, too. Return the largest possible sum. A single number may be chosen.",
        ),
        plan="The first and last element exclude each other, so I solve two rows.",
    )


@lesson
def chosen_subsequence(g: Random) -> Draft:
    k = g.randint(1, 3)
    cond, text = g.choice(
        [
            (f"q - p == {k}", f"in which each element is greater than the one before it by exactly {k}"),
            ("q % p == 0", "in which each element is a multiple of the one before it"),
            (f"q > p + {k}", f"in which each element is greater than the one before it by more than {k}"),
            ("(p + q) % 2 == 1", "in which even and odd numbers alternate"),
            (f"abs(p - q) <= {k}", f"in which neighbours differ by at most {k}"),
            ("q < p", "in which each element is smaller than the one before it"),
            ("str(p)[-1] == str(q)[0]", "in which each number begins with the last digit of the one before it"),
        ]
    )
    mode = g.choice(["length", "sum"])
    one, add = ("1", "1 + ") if mode == "length" else ("q", "q + ")
    return lesson.draft(
        g,
        f"[chain|subsequence|picked]_{mode}",
        "row:pos",
        "int",
        f"the {'length of the longest' if mode == 'length' else 'largest sum of a'} sequence {text} that can be made from @row by leaving out elements; 0 if @row is empty",
        f"best = []\nfor j, q in enumerate($row):\n    before = [best[i] for i, p in enumerate($row[:j]) if {cond}]\n    best.append({add}max(before, default=0))\nreturn max(best, default=0)",
        f"best = [0] * len($row)\nfor j in range(len($row)):\n    q = $row[j]\n    best[j] = {one}\n    for i in range(j):\n        p = $row[i]\n        if {cond}:\n            best[j] = max(best[j], best[i] + {one})\nreturn max(best, default=0)",
        tellings=(
            f"Cross out any elements of @row, keeping the order of the others, so that a sequence remains {text}. Return the {'greatest length' if mode == 'length' else 'greatest sum'} such a sequence can have, or 0 for an empty list.",
        ),
        plan="For each element I find the best chain that ends there.",
    )


@lesson
def stepping_stones(g: Random) -> Draft:
    a, b = g.choice([(1, 2), (1, 3), (2, 3)])
    mode = g.choice(["cost", "reach", "steps"])
    if mode == "cost":
        return lesson.draft(
            g,
            "[cheapest|crossing|stone]_[cost|walk]",
            "stones:pos1",
            "int | None" if a > 1 else "int",
            f"the smallest possible sum of the numbers on the stones @stones that are stepped on when one starts on the first stone, ends on the last one and moves forward by {a} or {b} stones each time"
            + (", or None if the last stone cannot be reached" if a > 1 else ""),
            f"best = [$stones[0]] + [None] * (len($stones) - 1)\nfor i in range(1, len($stones)):\n    before = [best[i - s] for s in ({a}, {b}) if i >= s and best[i - s] is not None]\n    if before:\n        best[i] = min(before) + $stones[i]\nreturn best[-1]",
            tellings=(
                f"A path of stones crosses a river. Stepping on a stone costs the number in @stones; the first and the last stone count as well. From a stone one can go on to the stone {a} or {b} places ahead. Return the lowest total cost of getting from the first to the last stone"
                + (", or None if that is impossible." if a > 1 else "."),
            ),
            plan="For each stone I compute the cheapest way to get there.",
        )
    if mode == "reach":
        return lesson.draft(
            g,
            "[reachable|visited]_stones",
            "stones:pos1",
            "list[int]",
            "a sorted list of the indices that can be reached from index 0 of @stones, if from index i one can jump forwards or backwards by exactly the number there, without leaving the list",
            "seen, todo = {0}, [0]\nwhile todo:\n    i = todo.pop()\n    for j in (i - $stones[i], i + $stones[i]):\n        if 0 <= j < len($stones) and j not in seen:\n            seen.add(j)\n            todo.append(j)\nreturn sorted(seen)",
            "seen = set()\n\ndef jump(i):\n    if not 0 <= i < len($stones) or i in seen:\n        return\n    seen.add(i)\n    jump(i - $stones[i])\n    jump(i + $stones[i])\n\njump(0)\nreturn sorted(seen)",
            tellings=(
                "Somebody stands at index 0 of the list @stones. From index i one may jump exactly @stones[i] places to the left or to the right, but not out of the list. Return all indices that can be visited, in ascending order.",
            ),
            plan="I search from index 0 and remember what was seen.",
        )
    return lesson.draft(
        g,
        "[equal_value|same_number]_jumps",
        "stones:heights",
        "int",
        "the smallest number of steps from the first to the last element of @stones, if a step leads to a neighbouring position or to any other position with the same number; 0 for lists with fewer than two elements",
        "n = len($stones)\nif n < 2:\n    return 0\nseen, row, steps = {0}, [0], 0\nwhile n - 1 not in seen:\n    row = [j for j in range(n) if j not in seen and any(abs(i - j) == 1 or $stones[i] == $stones[j] for i in row)]\n    seen.update(row)\n    steps += 1\nreturn steps",
        tellings=(
            "In one step you can go from a position of @stones to the position directly before or after it, or to any position with the same number. How many steps are needed at least from the first to the last position? For an empty list or a single element the answer is 0.",
        ),
        plan="A breadth-first search finds the number of steps.",
    )


@lesson
def graph_basics(g: Random) -> Draft:
    name, text, ret, b1, b2 = g.choice(
        [
            (
                "arrow_count",
                "the number of arrows in @graph",
                "int",
                "return sum(len(goals) for goals in $graph.values())",
                "n = 0\nfor node in $graph:\n    for goal in $graph[node]:\n        n += 1\nreturn n",
            ),
            (
                "dead_ends",
                "a sorted list of the nodes of @graph that point to no other node",
                "list[str]",
                "return sorted(node for node in $graph if not $graph[node])",
                "result = []\nfor node, goals in $graph.items():\n    if len(goals) == 0:\n        result.append(node)\nreturn sorted(result)",
            ),
            (
                "sources",
                "a sorted list of the nodes of @graph to which no node points",
                "list[str]",
                "pointed = {goal for goals in $graph.values() for goal in goals}\nreturn sorted(set($graph) - pointed)",
                "result = []\nfor node in sorted($graph):\n    if not any(node in goals for goals in $graph.values()):\n        result.append(node)\nreturn result",
            ),
            (
                "incoming_counts",
                "a dictionary that maps each node of @graph to the number of nodes that point to it, in the order of @graph",
                "dict[str, int]",
                "return {node: sum(node in goals for goals in $graph.values()) for node in $graph}",
                "result = {node: 0 for node in $graph}\nfor goals in $graph.values():\n    for goal in goals:\n        result[goal] += 1\nreturn result",
            ),
            (
                "turned_arrows",
                "a dictionary like @graph, with the same order of nodes, in which all arrows point the other way; each list is sorted",
                "dict[str, list[str]]",
                "return {node: sorted(other for other in $graph if node in $graph[other]) for node in $graph}",
                "result = {node: [] for node in $graph}\nfor node in sorted($graph):\n    for goal in $graph[node]:\n        result[goal].append(node)\nreturn result",
            ),
            (
                "two_way_pairs",
                "a sorted list of the pairs (p, q) with p < q of nodes in @graph that point to each other",
                "list[tuple[str, str]]",
                "return sorted((p, q) for p in $graph for q in $graph[p] if p < q and p in $graph[q])",
                "result = []\nfor p in sorted($graph):\n    for q in sorted($graph[p]):\n        if p < q and p in $graph[q]:\n            result.append((p, q))\nreturn result",
            ),
            (
                "most_pointed",
                "the node of @graph to which most nodes point, the alphabetically first one if there are several",
                "str",
                "def score(node):\n    return sum(node in goals for goals in $graph.values())\n\nreturn min($graph, key=lambda node: (-score(node), node))",
                "best, most = '', -1\nfor node in sorted($graph):\n    n = 0\n    for goals in $graph.values():\n        n += goals.count(node)\n    if n > most:\n        best, most = node, n\nreturn best",
            ),
            (
                "two_step_goals",
                "a dictionary that maps each node of @graph to the sorted list of the nodes that are reached from it in exactly two steps along the arrows (this may include the node itself)",
                "dict[str, list[str]]",
                "return {node: sorted({far for near in $graph[node] for far in $graph[near]}) for node in $graph}",
                "result = {}\nfor node in $graph:\n    found = set()\n    for near in $graph[node]:\n        found |= set($graph[near])\n    result[node] = sorted(found)\nreturn result",
            ),
        ]
    )
    return lesson.draft(
        g,
        name,
        "graph:graph",
        ret,
        text,
        b1,
        b2,
        tellings=(
            f"A graph is stored as a dictionary: @graph[node] is the list of the nodes to which arrows lead from node; every node is a key. Return {text}.",
            f"In @graph, each key is a node and its value lists the nodes it points to. [Determine|Return] {text}.",
        ),
        plan="I go through the dictionary of neighbours.",
    )


@lesson
def graph_reach(g: Random) -> Draft:
    name, text, ret, final = g.choice(
        [
            (
                "reachable",
                "a sorted list of all nodes of @graph that can be reached from @start along the arrows, @start included",
                "list[str]",
                "sorted(dist)",
            ),
            (
                "hop_counts",
                "a dictionary that maps each node of @graph that can be reached from @start to the smallest number of arrows on the way, in alphabetical order of the nodes",
                "dict[str, int]",
                "{node: dist[node] for node in sorted(dist)}",
            ),
            (
                "unreachable",
                "a sorted list of the nodes of @graph that cannot be reached from @start along the arrows",
                "list[str]",
                "sorted(set($graph) - set(dist))",
            ),
            (
                "farthest_hops",
                "the largest number of arrows that are needed to get from @start to a node of @graph that can be reached",
                "int",
                "max(dist.values())",
            ),
            (
                "ring_sizes",
                "a list with the number of nodes of @graph at each distance 0, 1, 2 and so on from @start, as far as there are any",
                "list[int]",
                "[list(dist.values()).count(k) for k in range(max(dist.values()) + 1)]",
            ),
            (
                "within_two",
                "a sorted list of the nodes of @graph that can be reached from @start with one or two steps along the arrows, without @start",
                "list[str]",
                "sorted(node for node in dist if 1 <= dist[node] <= 2)",
            ),
        ]
    )
    return lesson.draft(
        g,
        name,
        "graph:graph start:node",
        ret,
        text,
        f"dist = {{$start: 0}}\nqueue = [$start]\nfor node in queue:\n    for goal in $graph[node]:\n        if goal not in dist:\n            dist[goal] = dist[node] + 1\n            queue.append(goal)\nreturn {final}",
        f"dist = {{}}\nlayer, k = {{$start}}, 0\nwhile layer:\n    for node in layer:\n        dist[node] = k\n    layer = {{goal for node in layer for goal in $graph[node] if goal not in dist}}\n    k += 1\nreturn {final}",
        tellings=(
            f"In the directed graph @graph (node to list of nodes), begin at the node @start. Return {text}.",
            f"Travellers in @graph can only go along the arrows from a node to the nodes in its list. They start at @start. Return {text}.",
        ),
        plan="A breadth-first search gives the distance of each node.",
    )


@lesson
def graph_routes(g: Random) -> Draft:
    name, text, ret, b1, b2 = g.choice(
        [
            (
                "hops_between",
                "the smallest number of arrows on a way from @start to @goal in @graph, or -1 if there is no way",
                "int",
                "dist = {$start: 0}\nqueue = [$start]\nfor node in queue:\n    for other in $graph[node]:\n        if other not in dist:\n            dist[other] = dist[node] + 1\n            queue.append(other)\nreturn dist.get($goal, -1)",
                "layer, seen, hops = {$start}, {$start}, 0\nwhile layer:\n    if $goal in layer:\n        return hops\n    layer = {other for node in layer for other in $graph[node]} - seen\n    seen |= layer\n    hops += 1\nreturn -1",
            ),
            (
                "simple_routes",
                "the number of ways from @start to @goal in @graph along the arrows that visit no node twice; if both are the same node, there is one way",
                "int",
                "def walk(node, visited):\n    if node == $goal:\n        return 1\n    return sum(walk(other, visited | {other}) for other in $graph[node] if other not in visited)\n\nreturn walk($start, {$start})",
                "routes = [[$start]]\nhits = 0\nwhile routes:\n    route = routes.pop()\n    if route[-1] == $goal:\n        hits += 1\n        continue\n    for other in $graph[route[-1]]:\n        if other not in route:\n            routes.append(route + [other])\nreturn hits",
            ),
            (
                "first_route",
                "the shortest way from @start to @goal in @graph as a list of nodes, the alphabetically first one if there are several, or None if there is no way",
                "list[str] | None",
                "routes = [[$start]]\nseen = {$start}\nfor route in routes:\n    if route[-1] == $goal:\n        return route\n    for other in sorted($graph[route[-1]]):\n        if other not in seen:\n            seen.add(other)\n            routes.append(route + [other])\nreturn None",
                "best = None\n\ndef walk(route):\n    nonlocal best\n    if route[-1] == $goal:\n        if best is None or (len(route), route) < (len(best), best):\n            best = route\n        return\n    for other in $graph[route[-1]]:\n        if other not in route:\n            walk(route + [other])\n\nwalk([$start])\nreturn best",
            ),
            (
                "mutual_access",
                "True if in @graph there is a way along the arrows from @start to @goal and also one back",
                "bool",
                "def reach(node):\n    seen, todo = {node}, [node]\n    while todo:\n        for other in $graph[todo.pop()]:\n            if other not in seen:\n                seen.add(other)\n                todo.append(other)\n    return seen\n\nreturn $goal in reach($start) and $start in reach($goal)",
                None,
            ),
            (
                "walks_of_three",
                "the number of walks of exactly three arrows from @start to @goal in @graph, where nodes may be visited several times",
                "int",
                "return sum(1 for p in $graph[$start] for q in $graph[p] for r in $graph[q] if r == $goal)",
                "row = [$start]\nfor _ in range(3):\n    row = [other for node in row for other in $graph[node]]\nreturn row.count($goal)",
            ),
            (
                "common_goals",
                "a sorted list of the nodes to which both @start and @goal point directly in @graph",
                "list[str]",
                "return sorted(set($graph[$start]) & set($graph[$goal]))",
                "return sorted(node for node in $graph[$start] if node in $graph[$goal])",
            ),
        ]
    )
    return lesson.draft(
        g,
        name,
        "graph:graph start:node goal:node2",
        ret,
        text,
        *([b1, b2] if b2 else [b1]),
        tellings=(
            f"@graph maps each node to the list of nodes to which an arrow leads. Return {text}.",
            f"Roads in a town are one-way: from a place one can drive to the places in its list in @graph. [Find|Return] {text}.",
        ),
        plan="I search from the start node.",
    )


@lesson
def friend_groups(g: Random) -> Draft:
    search = "groups, seen = [], set()\nfor person in $friends:\n    if person in seen:\n        continue\n    group, todo = [], [person]\n    seen.add(person)\n    while todo:\n        p = todo.pop()\n        group.append(p)\n        for other in $friends[p]:\n            if other not in seen:\n                seen.add(other)\n                todo.append(other)\n    groups.append(sorted(group))\n"
    name, text, ret, final = g.choice(
        [
            ("group_count", "the number of groups", "int", "len(groups)"),
            (
                "group_sizes",
                "a list of the sizes of the groups in ascending order",
                "list[int]",
                "sorted(map(len, groups))",
            ),
            (
                "largest_group",
                "the largest group as a sorted list, the alphabetically first one if there are several",
                "list[str]",
                "min(groups, key=lambda group: (-len(group), group))",
            ),
            (
                "all_groups",
                "a sorted list of the groups, each a sorted list of names",
                "list[list[str]]",
                "sorted(groups)",
            ),
            (
                "links_to_join",
                "the smallest number of new friendships that would make one single group",
                "int",
                "len(groups) - 1",
            ),
            (
                "pairs_apart",
                "the number of pairs of people who are not in the same group",
                "int",
                "sum(len(p) * len(q) for i, p in enumerate(groups) for q in groups[:i])",
            ),
        ]
    )
    return lesson.draft(
        g,
        name,
        "friends:friends",
        ret,
        f"{text} in @friends, where two people belong to the same group if they are connected by a chain of friends",
        f"{search}return {final}",
        f"groups = [[person] for person in $friends]\nfor person in $friends:\n    for other in $friends[person]:\n        one = next(group for group in groups if person in group)\n        two = next(group for group in groups if other in group)\n        if one is not two:\n            groups.remove(two)\n            one.extend(two)\ngroups = [sorted(group) for group in groups]\nreturn {final}",
        tellings=(
            f"Connect people who are friends according to @friends, directly or through others; a group contains all people connected in this way. Find {text}.",
            f"@friends maps every person to a list of friends; friendship always goes both ways. People who are connected directly or through other people form a group; somebody without friends is a group of one. Return {text}.",
        ),
        plan="I start a search from each person who is not in a group yet.",
    )


@lesson
def friend_facts(g: Random) -> Draft:
    name, text, ret, b1, b2 = g.choice(
        [
            (
                "most_friends",
                "a sorted list of the people with the largest number of friends",
                "list[str]",
                "most = max(len(f) for f in $friends.values())\nreturn sorted(p for p, f in $friends.items() if len(f) == most)",
                "best, most = [], -1\nfor p in sorted($friends):\n    n = len($friends[p])\n    if n > most:\n        best, most = [p], n\n    elif n == most:\n        best.append(p)\nreturn best",
            ),
            (
                "lonely_people",
                "a sorted list of the people with at most one friend",
                "list[str]",
                "return sorted(p for p in $friends if len($friends[p]) <= 1)",
                "result = []\nfor p, others in $friends.items():\n    if len(others) < 2:\n        result.append(p)\nreturn sorted(result)",
            ),
            (
                "suggestions",
                "a sorted list of the people who are not friends of A but share at least one friend with A, without A",
                "list[str]",
                "found = {far for near in $friends['A'] for far in $friends[near]}\nreturn sorted(found - set($friends['A']) - {'A'})",
                "return sorted(p for p in $friends if p != 'A' and p not in $friends['A'] and any(f in $friends['A'] for f in $friends[p]))",
            ),
            (
                "triangles",
                "the number of groups of three people who are all friends of each other",
                "int",
                "return sum(1 for p, q, r in itertools.combinations($friends, 3) if q in $friends[p] and r in $friends[p] and r in $friends[q])",
                "names = sorted($friends)\nn = 0\nfor i, p in enumerate(names):\n    for j in range(i + 1, len(names)):\n        for r in names[j + 1:]:\n            if names[j] in $friends[p] and r in $friends[p] and r in $friends[names[j]]:\n                n += 1\nreturn n",
            ),
            (
                "shared_friends",
                "a dictionary from each pair (p, q) of people with p < q who have at least two common friends to the number of these, in alphabetical order",
                "dict[tuple[str, str], int]",
                "result = {}\nfor p, q in itertools.combinations(sorted($friends), 2):\n    n = len(set($friends[p]) & set($friends[q]))\n    if n >= 2:\n        result[p, q] = n\nreturn result",
                "names = sorted($friends)\npairs = [(p, q) for i, p in enumerate(names) for q in names[i + 1:]]\ncommon = {(p, q): sum(f in $friends[q] for f in $friends[p]) for p, q in pairs}\nreturn {pair: n for pair, n in common.items() if n > 1}",
            ),
            (
                "two_camps",
                "True if the people can be divided into two teams so that no two friends are in the same team",
                "bool",
                "team = {}\nfor person in $friends:\n    if person in team:\n        continue\n    team[person] = 0\n    todo = [person]\n    while todo:\n        p = todo.pop()\n        for other in $friends[p]:\n            if other not in team:\n                team[other] = 1 - team[p]\n                todo.append(other)\n            elif team[other] == team[p]:\n                return False\nreturn True",
                "names = list($friends)\nfor choice in itertools.product((0, 1), repeat=len(names)):\n    team = dict(zip(names, choice))\n    if all(team[p] != team[q] for p in names for q in $friends[p]):\n        return True\nreturn False",
            ),
            (
                "friend_count_gap",
                "the largest number of friends that a person has minus the smallest",
                "int",
                "sizes = [len(f) for f in $friends.values()]\nreturn max(sizes) - min(sizes)",
                "ordered = sorted($friends.values(), key=len)\nreturn len(ordered[-1]) - len(ordered[0])",
            ),
        ]
    )
    return lesson.draft(
        g,
        name,
        "friends:friends",
        ret,
        f"{text}, given the friends @friends of each person",
        b1,
        b2,
        imports=("import itertools",),
        tellings=(
            f"@friends maps each person to a list of friends, and friendship always goes both ways. Return {text}.",
        ),
        plan="I look at the lists of friends.",
    )


@lesson
def edges_to_graph(g: Random) -> Draft:
    name, text, ret, b1, b2 = g.choice(
        [
            (
                "neighbour_lists",
                "a dictionary that maps each node that occurs in @edges to the sorted list of its neighbours, in alphabetical order of the nodes; every edge goes both ways",
                "dict[str, list[str]]",
                "links = {}\nfor a, b in $edges:\n    links.setdefault(a, []).append(b)\n    links.setdefault(b, []).append(a)\nreturn {node: sorted(links[node]) for node in sorted(links)}",
                "nodes = sorted({node for edge in $edges for node in edge})\nreturn {node: sorted([b for a, b in $edges if a == node] + [a for a, b in $edges if b == node]) for node in nodes}",
            ),
            (
                "end_nodes",
                "a sorted list of the nodes that occur in exactly one of @edges",
                "list[str]",
                "ends = [node for edge in $edges for node in edge]\nreturn sorted(node for node in set(ends) if ends.count(node) == 1)",
                "counts = {}\nfor a, b in $edges:\n    counts[a] = counts.get(a, 0) + 1\n    counts[b] = counts.get(b, 0) + 1\nreturn sorted(node for node, n in counts.items() if n == 1)",
            ),
            (
                "has_ring",
                "True if @edges, seen as roads in both directions, contain a ring (a way from a node back to itself without using an edge twice)",
                "bool",
                "group = {}\nfor a, b in $edges:\n    p, q = group.setdefault(a, a), group.setdefault(b, b)\n    if p == q:\n        return True\n    for node in group:\n        if group[node] == q:\n            group[node] = p\nreturn False",
                "rest = list($edges)\nchanged = True\nwhile changed:\n    ends = [node for edge in rest for node in edge]\n    kept = [(a, b) for a, b in rest if ends.count(a) > 1 and ends.count(b) > 1]\n    changed = len(kept) < len(rest)\n    rest = kept\nreturn bool(rest)",
            ),
            (
                "edge_parts",
                "the number of separate parts that the nodes in @edges form, where edges go both ways",
                "int",
                "parts = []\nfor a, b in $edges:\n    touching = [part for part in parts if a in part or b in part]\n    parts = [part for part in parts if part not in touching]\n    parts.append({a, b}.union(*touching))\nreturn len(parts)",
                "group = {node: node for edge in $edges for node in edge}\nfor a, b in $edges:\n    old, new = group[b], group[a]\n    for node in group:\n        if group[node] == old:\n            group[node] = new\nreturn len(set(group.values()))",
            ),
            (
                "useful_edges",
                "a list of those edges of @edges, in order, that connect two parts which the edges before them had not connected yet",
                "list[tuple[str, str]]",
                "group = {node: node for edge in $edges for node in edge}\nkept = []\nfor a, b in $edges:\n    if group[a] != group[b]:\n        kept.append((a, b))\n        old = group[b]\n        for node in group:\n            if group[node] == old:\n                group[node] = group[a]\nreturn kept",
                None,
            ),
            (
                "busiest_node",
                "the node that occurs in most of @edges, the alphabetically first one if there are several",
                "str",
                "ends = [node for edge in $edges for node in edge]\nreturn min(set(ends), key=lambda node: (-ends.count(node), node))",
                "counts = {}\nfor edge in $edges:\n    for node in edge:\n        counts[node] = counts.get(node, 0) + 1\nreturn sorted(counts, key=lambda node: (-counts[node], node))[0]",
            ),
            (
                "chain_of_edges",
                "True if each edge of @edges begins with the node with which the edge before it ends",
                "bool",
                "return all(p[1] == q[0] for p, q in zip($edges, $edges[1:]))",
                "for i in range(1, len($edges)):\n    if $edges[i][0] != $edges[i - 1][1]:\n        return False\nreturn True",
            ),
        ]
    )
    return lesson.draft(
        g,
        name,
        "edges:edges",
        ret,
        text,
        *([b1, b2] if b2 else [b1]),
        tellings=(f"The tuples in @edges each connect two nodes. Return {text}.",),
        plan="I go through the edges and note what belongs together.",
    )


@lesson
def road_costs(g: Random) -> Draft:
    relax = "best = {$start: 0}\nchanged = True\nwhile changed:\n    changed = False\n    for town in list(best):\n        for other, length in $roads[town].items():\n            if other not in best or best[town] + length < best[other]:\n                best[other] = best[town] + length\n                changed = True\n"
    heap = "best = {}\nheap = [(0, $start)]\nwhile heap:\n    length, town = heapq.heappop(heap)\n    if town in best:\n        continue\n    best[town] = length\n    for other, step in $roads[town].items():\n        heapq.heappush(heap, (length + step, other))\n"
    name, text, ret, final = g.choice(
        [
            (
                "road_distances",
                "a dictionary that maps each town that can be reached from @start to the length of the shortest way there, in alphabetical order",
                "dict[str, int]",
                "dict(sorted(best.items()))",
            ),
            (
                "farthest_town",
                "the town that is farthest away from @start among those that can be reached by the shortest ways, the alphabetically first one if there are several",
                "str",
                "min(best, key=lambda town: (-best[town], town))",
            ),
            (
                "towns_within",
                f"a sorted list of the towns, @start included, that can be reached from @start by a way of length {(k := g.randint(4, 9))} or less",
                "list[str]",
                f"sorted(town for town in best if best[town] <= {k})",
            ),
            (
                "nearest_other",
                "the town nearest to @start (not @start itself) measured by the shortest way, the alphabetically first one if there are several, or None if no other town can be reached",
                "str | None",
                "min((town for town in best if town != $start), key=lambda town: (best[town], town), default=None)",
            ),
        ]
    )
    return lesson.draft(
        g,
        name,
        "roads:roads start:node",
        ret,
        f"{text}, where @roads maps each town to a dictionary of the towns one can drive to directly and the lengths of these roads",
        f"{heap}return {final}",
        f"{relax}return {final}",
        imports=("import heapq",),
        tellings=(
            f"Driving from town to town takes as long as the length of the road in @roads (town to dictionary of next town and length). Start in @start. Return {text}.",
            f"@roads[town] is a dictionary that tells which towns can be reached directly from town and how long each of these one-way roads is. Return {text}.",
        ),
        plan="I always settle the town with the smallest distance next.",
    )


@lesson
def task_order(g: Random) -> Draft:
    name, text, ret, b1, b2 = g.choice(
        [
            (
                "working_order",
                "an order of all tasks in which each comes after the tasks it needs, where among the tasks that are possible the alphabetically first one is always done next",
                "list[str]",
                "done = []\nwhile len(done) < len($needs):\n    ready = [t for t in $needs if t not in done and all(n in done for n in $needs[t])]\n    done.append(min(ready))\nreturn done",
                "rest = dict($needs)\norder = []\nwhile rest:\n    task = min(t for t in rest if all(n in order for n in rest[t]))\n    order.append(task)\n    del rest[task]\nreturn order",
            ),
            (
                "task_rounds",
                "a list of rounds, each a sorted list of the tasks done at the same time, if in every round all tasks are done whose needed tasks were done in earlier rounds",
                "list[list[str]]",
                "done, rounds = set(), []\nwhile len(done) < len($needs):\n    ready = sorted(t for t in $needs if t not in done and set($needs[t]) <= done)\n    rounds.append(ready)\n    done.update(ready)\nreturn rounds",
                "def level(task):\n    return 1 + max((level(n) for n in $needs[task]), default=-1)\n\nresult = []\nfor task in sorted($needs, key=lambda t: (level(t), t)):\n    if level(task) == len(result):\n        result.append([])\n    result[-1].append(task)\nreturn result",
            ),
            (
                "longest_chain",
                "the largest number of tasks in a chain in which each task directly needs the one before it",
                "int",
                "def chain(task):\n    return 1 + max((chain(n) for n in $needs[task]), default=0)\n\nreturn max(chain(task) for task in $needs)",
                "sizes = {}\nwhile len(sizes) < len($needs):\n    for task, before in $needs.items():\n        if all(n in sizes for n in before):\n            sizes[task] = 1 + max((sizes[n] for n in before), default=0)\nreturn max(sizes.values())",
            ),
            (
                "all_needed",
                "a dictionary that maps each task to the sorted list of all tasks it needs directly or indirectly, in the given order of tasks",
                "dict[str, list[str]]",
                "def before(task):\n    found = set($needs[task])\n    for n in $needs[task]:\n        found |= before(n)\n    return found\n\nreturn {task: sorted(before(task)) for task in $needs}",
                "result = {}\nfor task in $needs:\n    found, todo = set(), list($needs[task])\n    while todo:\n        n = todo.pop()\n        if n not in found:\n            found.add(n)\n            todo += $needs[n]\n    result[task] = sorted(found)\nreturn result",
            ),
            (
                "start_tasks",
                "a sorted list of the tasks that can be done at once because they need no other task",
                "list[str]",
                "return sorted(task for task, before in $needs.items() if not before)",
                "result = []\nfor task in sorted($needs):\n    if $needs[task] == []:\n        result.append(task)\nreturn result",
            ),
            (
                "final_tasks",
                "a sorted list of the tasks that no other task needs",
                "list[str]",
                "needed = {n for before in $needs.values() for n in before}\nreturn sorted(task for task in $needs if task not in needed)",
                "return sorted(task for task in $needs if all(task not in before for before in $needs.values()))",
            ),
        ]
    )
    return lesson.draft(
        g,
        name,
        "needs:needs",
        ret,
        f"{text}; @needs maps each task to the list of the tasks it needs",
        b1,
        b2,
        tellings=(
            f"Plan a project: @needs maps every task to those that have to be finished first, without circles. Return {text}.",
            f"Some tasks can only be done after others: @needs[task] lists the tasks that must be done before. There are no circles. Return {text}.",
        ),
        plan="A task is ready when everything it needs is done.",
    )


@lesson
def follow_the_arrow(g: Random) -> Draft:
    name, text, ret, b1, b2 = g.choice(
        [
            (
                "trail_from",
                "a list of the nodes visited from @start on, until there is no next node or a node would be visited again",
                "list[str]",
                "trail = [$start]\nwhile trail[-1] in $after and $after[trail[-1]] not in trail:\n    trail.append($after[trail[-1]])\nreturn trail",
                "node, trail = $start, []\nwhile node not in trail:\n    trail.append(node)\n    if node not in $after:\n        break\n    node = $after[node]\nreturn trail",
            ),
            (
                "ends_in_loop",
                "True if following the nodes from @start never comes to an end",
                "bool",
                "seen = set()\nnode = $start\nwhile node in $after:\n    if node in seen:\n        return True\n    seen.add(node)\n    node = $after[node]\nreturn False",
                "node = $start\nfor _ in range(len($after) + 1):\n    if node not in $after:\n        return False\n    node = $after[node]\nreturn True",
            ),
            (
                "loop_members",
                "a sorted list of the nodes in the loop into which one runs from @start, or an empty list if the way ends",
                "list[str]",
                "trail = []\nnode = $start\nwhile node in $after and node not in trail:\n    trail.append(node)\n    node = $after[node]\nreturn sorted(trail[trail.index(node):]) if node in trail else []",
                None,
            ),
            (
                "steps_to_end",
                "the number of steps from @start until a node without a next node is reached, or -1 if that never happens",
                "int",
                "steps, node = 0, $start\nwhile node in $after:\n    node = $after[node]\n    steps += 1\n    if steps > len($after):\n        return -1\nreturn steps",
                "seen = []\nnode = $start\nwhile node in $after:\n    if node in seen:\n        return -1\n    seen.append(node)\n    node = $after[node]\nreturn len(seen)",
            ),
            (
                "node_after_five",
                "the node reached from @start after five steps, or the last node if the way ends before",
                "str",
                "node = $start\nfor _ in range(5):\n    node = $after.get(node, node)\nreturn node",
                "node, steps = $start, 0\nwhile steps < 5 and node in $after:\n    node = $after[node]\n    steps += 1\nreturn node",
            ),
        ]
    )
    return lesson.draft(
        g,
        name,
        "after:next start:node",
        ret,
        f"{text}, where @after maps a node to the next one",
        *([b1, b2] if b2 else [b1]),
        tellings=(
            f"In a treasure hunt, each place has a note with the next place: @after[place] is the place to go to from there. Places without an entry have no note. Beginning at @start, return {text}.".replace(
                "nodes", "places"
            ).replace("node", "place"),
        ),
        plan="I follow the entries and remember the nodes seen.",
    )


@lesson
def bracket_checks(g: Random) -> Draft:
    core = "stack = []\nfor i, c in enumerate($code):\n    if c in '([':\n        stack.append((c, i))\n    elif c in ')]':\n        if not stack or stack[-1][0] + c not in ('()', '[]'):\n            return {bad}\n        stack.pop()\nreturn {end}"
    name, text, ret, bad, end = g.choice(
        [
            (
                "first_bracket_error",
                "the position of the first closing bracket that does not fit, or the length of @code if all closing brackets fit but some bracket stays open, or -1 if everything is correct",
                "int",
                "i",
                "len($code) if stack else -1",
            ),
            (
                "bracket_verdict",
                "'ok' if the brackets are correct, 'wrong' if there is a closing bracket that does not fit, and 'open' if only closing brackets are missing at the end",
                "str",
                "'wrong'",
                "'open' if stack else 'ok'",
            ),
            (
                "missing_end",
                "the string of closing brackets that must be added at the end to make the brackets correct, or None if there is a closing bracket that does not fit",
                "str | None",
                "None",
                "''.join(')' if c == '(' else ']' for c, _ in reversed(stack))",
            ),
            (
                "still_open",
                "the number of brackets still open at the end, or -1 if there is a closing bracket that does not fit",
                "int",
                "-1",
                "len(stack)",
            ),
        ]
    )
    return lesson.draft(
        g,
        name,
        "code:code",
        ret,
        f"{text}, for the round and square brackets in @code; a closing bracket fits if the last bracket still open is of its kind, and all other characters are ignored",
        core.replace("{bad}", bad).replace("{end}", end),
        tellings=(
            f"Check the brackets of the text @code. There are round ones, '(' and ')', and square ones, '[' and ']'; other characters do not matter. A closing bracket fits if the bracket opened last and not closed yet is of the same kind. Return {text}.",
        ),
        plan="A stack holds the brackets that are open.",
    )


@lesson
def bracket_repairs(g: Random) -> Draft:
    name, text, ret, b1, b2 = g.choice(
        [
            (
                "brackets_to_add",
                "the smallest number of round brackets that must be inserted into @code so that its round brackets are balanced",
                "int",
                "need = depth = 0\nfor c in $code:\n    if c == '(':\n        depth += 1\n    elif c == ')':\n        if depth:\n            depth -= 1\n        else:\n            need += 1\nreturn need + depth",
                "text = ''.join(c for c in $code if c in '()')\nwhile '()' in text:\n    text = text.replace('()', '')\nreturn len(text)",
            ),
            (
                "without_stray",
                "@code without those round brackets that have no partner",
                "str",
                "drop, stack = set(), []\nfor i, c in enumerate($code):\n    if c == '(':\n        stack.append(i)\n    elif c == ')':\n        if stack:\n            stack.pop()\n        else:\n            drop.add(i)\ndrop.update(stack)\nreturn ''.join(c for i, c in enumerate($code) if i not in drop)",
                "def clean(text, opening, closing):\n    result, depth = '', 0\n    for c in text:\n        if c == opening:\n            depth += 1\n        elif c == closing:\n            if depth == 0:\n                continue\n            depth -= 1\n        result += c\n    return result\n\nonce = clean($code, '(', ')')\nreturn clean(once[::-1], ')', '(')[::-1]",
            ),
            (
                "outside_text",
                "the characters of @code that stand outside of all round brackets, where a ')' without an open bracket is ignored",
                "str",
                "result, depth = '', 0\nfor c in $code:\n    if c == '(':\n        depth += 1\n    elif c == ')':\n        depth = max(0, depth - 1)\n    elif depth == 0:\n        result += c\nreturn result",
                "kept, level = [], 0\nfor c in $code:\n    if c == '(':\n        level += 1\n    elif c == ')':\n        if level > 0:\n            level -= 1\n    elif not level:\n        kept.append(c)\nreturn ''.join(kept)",
            ),
            (
                "matched_pairs",
                "a list of the positions (opening, closing) of the round brackets of @code that belong together, in the order of the closing ones; brackets without a partner are left out",
                "list[tuple[int, int]]",
                "stack, pairs = [], []\nfor i, c in enumerate($code):\n    if c == '(':\n        stack.append(i)\n    elif c == ')' and stack:\n        pairs.append((stack.pop(), i))\nreturn pairs",
                None,
            ),
            (
                "longest_inside",
                "the largest number of characters between a round bracket of @code and its partner, or 0 if there is no pair",
                "int",
                "stack, best = [], 0\nfor i, c in enumerate($code):\n    if c == '(':\n        stack.append(i)\n    elif c == ')' and stack:\n        best = max(best, i - stack.pop() - 1)\nreturn best",
                None,
            ),
            (
                "mirrored_brackets",
                "@code reversed, with every bracket replaced by the other one of its kind, so that pairs remain pairs",
                "str",
                "swap = {'(': ')', ')': '(', '[': ']', ']': '['}\nreturn ''.join(swap.get(c, c) for c in reversed($code))",
                "return $code[::-1].translate(str.maketrans('()[]', ')(]['))",
            ),
        ]
    )
    return lesson.draft(
        g,
        name,
        "code:code",
        ret,
        text,
        *([b1, b2] if b2 else [b1]),
        tellings=(
            f"The string @code may have brackets without partners. Your task is to return {text}.",
            f"@code is a text that may contain brackets, not always correctly. Return {text}.",
        ),
        plan="I read from left to right and keep track of open brackets.",
    )


@lesson
def filled_lines(g: Random) -> Draft:
    sep = g.choice([" ", " ", "-"])
    core = f"lines = []\nfor word in $parts:\n    if lines and len(lines[-1]) + 1 + len(word) <= $width:\n        lines[-1] += '{sep}' + word\n    else:\n        lines.append(word)\n"
    by = "a space" if sep == " " else "a hyphen"
    name, text, ret, final = g.choice(
        [
            ("broken_lines", "a list of the lines", "list[str]", "lines"),
            ("line_count", "the number of lines", "int", "len(lines)"),
            (
                "free_places",
                "the total number of unused places at the ends of all lines",
                "int",
                "sum($width - len(line) for line in lines)",
            ),
            (
                "right_aligned",
                "a list of the lines, each filled up with dots on the left to the full width",
                "list[str]",
                "[line.rjust($width, '.') for line in lines]",
            ),
            (
                "words_per_line",
                "a list with the number of words in each line",
                "list[int]",
                f"[len(line.split('{sep}')) for line in lines]",
            ),
            (
                "longest_line",
                "the length of the longest line, or 0 if there are no words",
                "int",
                "max(map(len, lines), default=0)",
            ),
        ]
    )
    return lesson.draft(
        g,
        name,
        "parts:words width:width",
        ret,
        f"{text}, when the words @parts are written into lines of at most @width characters, in order, with {by} between words, and a new line begins when the next word does not fit",
        core + f"return {final}",
        tellings=(
            f"Break text into lines: put as many of the words @parts as possible on each line of at most @width characters, in order and with {by} between them, before beginning the next line. Return {text}.",
            f"A typewriter has lines with @width places. The words in @parts (none is longer than a line) are typed one after the other with {by} between two words on a line. If a word does not fit on the current line together with {by} before it, it goes to a new line. Return {text}.",
        ),
        plan="I put each word on the current line if it fits, otherwise on a new one.",
    )


@lesson
def trip_stops(g: Random) -> Draft:
    k = g.randint(12, 16)
    name, text, ret, b1, b2 = g.choice(
        [
            (
                "fuel_stops",
                f"the number of refills, if the car starts with a full tank for {k} km and is filled up before a section exactly when the fuel left would not be enough for it",
                "int",
                f"fuel, stops = {k}, 0\nfor d in $sections:\n    if d > fuel:\n        fuel = {k}\n        stops += 1\n    fuel -= d\nreturn stops",
                f"driven = stops = 0\nfor d in $sections:\n    if driven + d > {k}:\n        driven = 0\n        stops += 1\n    driven += d\nreturn stops",
            ),
            (
                "days_on_road",
                f"the number of days, if one drives as many whole sections per day as possible without exceeding {k} km in a day",
                "int",
                f"days, today = 0, None\nfor d in $sections:\n    if today is None or today + d > {k}:\n        days += 1\n        today = 0\n    today += d\nreturn days",
                f"left, days = 0, 0\nfor d in $sections:\n    if d > left:\n        days += 1\n        left = {k}\n    left -= d\nreturn days",
            ),
            (
                "day_lengths",
                f"a list of the kilometres driven each day, if one drives as many whole sections per day as possible without exceeding {k} km in a day",
                "list[int]",
                f"days = []\nfor d in $sections:\n    if days and days[-1] + d <= {k}:\n        days[-1] += d\n    else:\n        days.append(d)\nreturn days",
                None,
            ),
            (
                "halfway_section",
                "the index of the section in which half of the whole way is reached (or exactly completed), or -1 without sections",
                "int",
                "total, driven = sum($sections), 0\nfor i, d in enumerate($sections):\n    driven += d\n    if 2 * driven >= total:\n        return i\nreturn -1",
                "for i in range(len($sections)):\n    if sum($sections[:i + 1]) >= sum($sections[i + 1:]):\n        return i\nreturn -1",
            ),
            (
                "smallest_tank",
                "the smallest number of kilometres a full tank must last so that at most one refill between two sections is needed",
                "int",
                "return min((max(sum($sections[:i]), sum($sections[i:])) for i in range(len($sections) + 1)))",
                "best = sum($sections)\nfor i in range(1, len($sections)):\n    longer = max(sum($sections[:i]), sum($sections[i:]))\n    best = min(best, longer)\nreturn best",
            ),
            (
                "shared_driving",
                "the largest difference in kilometres between two drivers who change after every section, after any number of sections",
                "int",
                "diff = best = 0\nfor i, d in enumerate($sections):\n    diff += d if i % 2 == 0 else -d\n    best = max(best, abs(diff))\nreturn best",
                None,
            ),
        ]
    )
    return lesson.draft(
        g,
        name,
        "sections:pos",
        ret,
        f"{text}, for a trip with sections of the lengths @sections in km",
        *([b1, b2] if b2 else [b1]),
        tellings=(
            f"You are given the lengths @sections of the parts of a journey, each at most {k} km. Your task is to return {text}.",
            f"A trip consists of sections with the lengths @sections (in kilometres, none longer than {k}). Return {text}.",
        ),
        plan="I go along the sections and keep what is left.",
    )


@lesson
def bus_riders(g: Random) -> Draft:
    cap = g.randint(5, 9)
    name, text, ret, init, upd, final = g.choice(
        [
            ("riders_left", "the number of people in the bus at the end", "int", "", "", "inside"),
            (
                "left_behind",
                "the number of people who could not get in because the bus was full",
                "int",
                "behind = 0\n",
                "    behind += new - room\n",
                "behind",
            ),
            (
                "fullest_stop",
                "the index of the stop after which most people are in the bus, the first one if there are several, or -1 without stops",
                "int",
                "loads = []\n",
                "    loads.append(inside)\n",
                "loads.index(max(loads)) if loads else -1",
            ),
            (
                "load_list",
                "a list of the numbers of people in the bus after each stop",
                "list[int]",
                "loads = []\n",
                "    loads.append(inside)\n",
                "loads",
            ),
            (
                "full_stops",
                "the number of stops after which the bus is full",
                "int",
                "full = 0\n",
                f"    full += inside == {cap}\n",
                "full",
            ),
        ]
    )
    return lesson.draft(
        g,
        name,
        "stops:stops",
        ret,
        f"{text}, if a bus with {cap} places starts empty and at each stop of @stops first the first number of people get out (or all, if there are fewer) and then the second number want to get in, as far as there are places",
        f"inside = 0\n{init}for out, new in $stops:\n    inside = max(0, inside - out)\n    room = min(new, {cap} - inside)\n    inside += room\n{upd}return {final}",
        tellings=(
            f"For a bus with {cap} places, empty at first, each entry of @stops says how many want to get out and then how many want to get in. Nobody gets in when the bus is full, and not more people get out than are inside. Return {text}.",
            f"A bus has {cap} places and is empty at the beginning. Each pair (p, q) in @stops stands for a stop: up to p people leave the bus (never more than are in it), and then q people would like to get in, but only as many as there are free places can. Return {text}.",
        ),
        plan="I update the number of people stop by stop.",
    )


@lesson
def fair_pairs(g: Random) -> Draft:
    k = g.randint(1, 3)
    name, text, ret, b1, b2 = g.choice(
        [
            (
                "matched_sum",
                "the sum of the distances when the smallest number of @one is paired with the smallest of @two, the second smallest with the second smallest, and so on, until one list is used up",
                "int",
                "return sum(abs(p - q) for p, q in zip(sorted($one), sorted($two)))",
                "p, q = sorted($one), sorted($two)\ntotal = 0\nfor i in range(min(len(p), len(q))):\n    total += abs(p[i] - q[i])\nreturn total",
            ),
            (
                "happy_children",
                "the largest number of children, who wish for a cake of at least the sizes in @one, that can be made happy with the cakes of the sizes in @two, one for each",
                "int",
                "cakes = sorted($two)\nhappy = 0\nfor wish in sorted($one):\n    while cakes and cakes[0] < wish:\n        cakes.pop(0)\n    if not cakes:\n        break\n    cakes.pop(0)\n    happy += 1\nreturn happy",
                "wishes = sorted($one)\nn = 0\nfor cake in sorted($two):\n    if n < len(wishes) and cake >= wishes[n]:\n        n += 1\nreturn n",
            ),
            (
                "near_matches",
                f"the number of pairs formed when the numbers of @one are taken in ascending order and each is paired with the smallest number of @two that is not used yet and differs from it by at most {k}, if there is one",
                "int",
                f"rest = sorted($two)\npairs = 0\nfor v in sorted($one):\n    for w in rest:\n        if abs(v - w) <= {k}:\n            rest.remove(w)\n            pairs += 1\n            break\nreturn pairs",
                None,
            ),
            (
                "cross_products",
                "the smallest possible sum of products when each number of @one is multiplied with another number of @two, using as many numbers of each list, from the smallest on, as the shorter list has",
                "int",
                "n = min(len($one), len($two))\nfirst = sorted($one)[:n]\nsecond = sorted($two)[:n]\nreturn sum(p * q for p, q in zip(first, reversed(second)))",
                "n = min(len($one), len($two))\np, q = sorted($one)[:n], sorted($two)[:n]\nreturn sum(p[i] * q[n - 1 - i] for i in range(n))",
            ),
            (
                "leftover_after_trade",
                "a sorted list of the numbers of @one that are left when each number of @two in turn takes away one equal number of @one, if there is any",
                "list[int]",
                "rest = list($one)\nfor v in $two:\n    if v in rest:\n        rest.remove(v)\nreturn sorted(rest)",
                "result = []\nfor v in sorted(set($one)):\n    result += [v] * max(0, $one.count(v) - $two.count(v))\nreturn result",
            ),
        ]
    )
    return lesson.draft(
        g,
        name,
        "one:pos two:pos",
        ret,
        text,
        *([b1, b2] if b2 else [b1]),
        tellings=(f"Two lists of positive integers are given, @one and @two. Return {text}.",),
        plan="Sorting both lists makes the pairing easy.",
    )


@lesson
def neighbour_gifts(g: Random) -> Draft:
    name, text, ret, b1, b2 = g.choice(
        [
            (
                "gifts_total",
                "the smallest total number of sweets, if everyone gets at least one and whoever has a higher number than a direct neighbour gets more than that neighbour",
                "int",
                "gifts = [1] * len($ratings)\nfor i in range(1, len($ratings)):\n    if $ratings[i] > $ratings[i - 1]:\n        gifts[i] = gifts[i - 1] + 1\nfor i in range(len($ratings) - 2, -1, -1):\n    if $ratings[i] > $ratings[i + 1]:\n        gifts[i] = max(gifts[i], gifts[i + 1] + 1)\nreturn sum(gifts)",
                "def gift(i):\n    near = [j for j in (i - 1, i + 1) if 0 <= j < len($ratings) and $ratings[j] < $ratings[i]]\n    return 1 + max(map(gift, near), default=0)\n\nreturn sum(map(gift, range(len($ratings))))",
            ),
            (
                "gifts_one_way",
                "a list of the sweets, if the first one gets 1 and everyone else gets one more than the left neighbour if the own number is higher, and 1 otherwise",
                "list[int]",
                "gifts = []\nfor i, r in enumerate($ratings):\n    gifts.append(gifts[-1] + 1 if i and r > $ratings[i - 1] else 1)\nreturn gifts",
                "result = []\nbefore = None\nfor r in $ratings:\n    if before is not None and r > before:\n        result.append(result[-1] + 1)\n    else:\n        result.append(1)\n    before = r\nreturn result",
            ),
            (
                "place_numbers",
                "a list with the place of everyone, where the highest number is place 1 and equal numbers share a place, so that places after them are left out",
                "list[int]",
                "return [1 + sum(other > r for other in $ratings) for r in $ratings]",
                "ordered = sorted($ratings, reverse=True)\nreturn [ordered.index(r) + 1 for r in $ratings]",
            ),
            (
                "dense_places",
                "a list with the place of everyone, where the highest number is place 1, equal numbers share a place, and no place is left out",
                "list[int]",
                "levels = sorted(set($ratings), reverse=True)\nreturn [levels.index(r) + 1 for r in $ratings]",
                "return [1 + len({other for other in $ratings if other > r}) for r in $ratings]",
            ),
            (
                "swaps_needed",
                "the number of swaps of direct neighbours that are needed to sort the list in descending order",
                "int",
                "n = len($ratings)\nreturn sum($ratings[i] < $ratings[j] for i in range(n) for j in range(i + 1, n))",
                "row = list($ratings)\nswaps = 0\nfor end in range(len(row) - 1, 0, -1):\n    for i in range(end):\n        if row[i] < row[i + 1]:\n            row[i], row[i + 1] = row[i + 1], row[i]\n            swaps += 1\nreturn swaps",
            ),
        ]
    )
    return lesson.draft(
        g,
        name,
        "ratings:pos",
        ret,
        f"{text}, for the numbers @ratings of people in a row"
        if name != "swaps_needed"
        else f"{text}, for the list @ratings",
        b1,
        b2,
        tellings=(
            f"You are given a list @ratings of positive integers, one per person in a row. Your task is to return {text}.",
            f"People stand in a row; @ratings holds a number for each of them. Return {text}.",
        ),
        plan="I compare each person with the others.",
    )


@lesson
def splitting_groups(g: Random) -> Draft:
    name, text, ret, b1, b2 = g.choice(
        [
            (
                "fair_share_limit",
                "the smallest number m such that @row can be cut into at most @k runs of neighbouring elements with a sum of at most m each; 0 for an empty list",
                "int",
                "low, high = max($row, default=0), sum($row)\nwhile low < high:\n    middle = (low + high) // 2\n    runs, total = 1, 0\n    for v in $row:\n        if total + v > middle:\n            runs += 1\n            total = 0\n        total += v\n    if runs <= $k:\n        high = middle\n    else:\n        low = middle + 1\nreturn low",
                "if $k == 1 or not $row:\n    return sum($row)\nreturn min(max(sum($row[:i]), SELF($row[i:], $k - 1)) for i in range(1, len($row) + 1))",
            ),
            (
                "deal_cards",
                "a list of @k lists that result when the elements of @row are dealt out in turn, like cards",
                "list[list[int]]",
                "return [$row[i::$k] for i in range($k)]",
                "hands = [[] for _ in range($k)]\nfor i, v in enumerate($row):\n    hands[i % $k].append(v)\nreturn hands",
            ),
            (
                "balanced_parts",
                "a list of @k parts of neighbouring elements of @row, in order, whose lengths differ by at most one, longer parts first",
                "list[list[int]]",
                "size, extra = divmod(len($row), $k)\nparts, at = [], 0\nfor i in range($k):\n    end = at + size + (1 if i < extra else 0)\n    parts.append($row[at:end])\n    at = end\nreturn parts",
                "n = len($row)\nlengths = [n // $k + (i < n % $k) for i in range($k)]\nreturn [$row[sum(lengths[:i]):sum(lengths[:i + 1])] for i in range($k)]",
            ),
            (
                "lightest_bin_sums",
                "a list of the sums of @k bins, if the elements of @row are put in order into the bin with the smallest sum at that time (the first such bin)",
                "list[int]",
                "bins = [0] * $k\nfor v in $row:\n    bins[bins.index(min(bins))] += v\nreturn bins",
                "bins = [0 for _ in range($k)]\nfor v in $row:\n    i = min(range($k), key=lambda j: bins[j])\n    bins[i] += v\nreturn bins",
            ),
            (
                "rope_cost",
                "the total cost of joining the ropes of the lengths @row into as few as @k ropes, if one always joins the two shortest ones and each join costs the length of the new rope",
                "int",
                "ropes = sorted($row)\ncost = 0\nwhile len(ropes) > $k:\n    joined = ropes.pop(0) + ropes.pop(0)\n    cost += joined\n    ropes.append(joined)\n    ropes.sort()\nreturn cost",
                "heap = list($row)\nheapq.heapify(heap)\ncost = 0\nwhile len(heap) > $k:\n    length = heapq.heappop(heap) + heapq.heappop(heap)\n    cost += length\n    heapq.heappush(heap, length)\nreturn cost",
            ),
        ]
    )
    return lesson.draft(
        g,
        name,
        "row:pos k:small",
        ret,
        text,
        b1,
        b2,
        imports=("import heapq",),
        tellings=(
            f"Given a list @row of positive integers and a number @k, return {text}.",
            f"[Divide|Share] the numbers in @row: return {text}.",
        ),
        plan="I divide the list step by step.",
    )


@lesson
def text_alignment(g: Random) -> Draft:
    name, text, ret, b1, b2 = g.choice(
        [
            (
                "shared_run",
                "the length of the longest string that occurs without gaps in both @one and @two",
                "int",
                "best = 0\nfor i in range(len($one)):\n    for j in range(i + 1, len($one) + 1):\n        if $one[i:j] in $two:\n            best = max(best, j - i)\nreturn best",
                "run = {}\nfor i, p in enumerate($one):\n    for j, q in enumerate($two):\n        if p == q:\n            run[i, j] = run.get((i - 1, j - 1), 0) + 1\nreturn max(run.values(), default=0)",
            ),
            (
                "deletions_to_equal",
                "the smallest number of characters that must be deleted from @one and @two together to make them equal",
                "int",
                "@lru_cache(maxsize=None)\ndef cost(i, j):\n    if i == len($one) or j == len($two):\n        return len($one) - i + len($two) - j\n    if $one[i] == $two[j]:\n        return cost(i + 1, j + 1)\n    return 1 + min(cost(i + 1, j), cost(i, j + 1))\n\nreturn cost(0, 0)",
                "row = list(range(len($two) + 1))\nfor i, p in enumerate($one, 1):\n    new = [i]\n    for j, q in enumerate($two, 1):\n        new.append(row[j - 1] if p == q else 1 + min(row[j], new[j - 1]))\n    row = new\nreturn row[-1]",
            ),
            (
                "pick_times",
                "the number of ways to get @two by leaving out characters of @one (different positions count as different ways)",
                "int",
                "ways = [1] + [0] * len($two)\nfor c in $one:\n    for j in range(len($two), 0, -1):\n        if $two[j - 1] == c:\n            ways[j] += ways[j - 1]\nreturn ways[-1]",
                "if not $two:\n    return 1\nif not $one:\n    return 0\ntotal = SELF($one[1:], $two)\nif $one[0] == $two[0]:\n    total += SELF($one[1:], $two[1:])\nreturn total",
            ),
            (
                "fits_in_order",
                "the number of characters at the beginning of @two that can be found in @one in this order, not necessarily next to each other",
                "int",
                "n = 0\nfor c in $one:\n    if n < len($two) and $two[n] == c:\n        n += 1\nreturn n",
                "at = 0\nfor n, c in enumerate($two):\n    at = $one.find(c, at)\n    if at < 0:\n        return n\n    at += 1\nreturn len($two)",
            ),
            (
                "overlap_join",
                "the shortest string that begins with @one and ends with @two, letting the end of @one and the beginning of @two overlap as far as possible",
                "str",
                "for i in range(len($one) + 1):\n    if $two.startswith($one[i:]):\n        return $one[:i] + $two\nreturn $one + $two",
                "size = min(len($one), len($two))\nwhile size > 0 and $one[-size:] != $two[:size]:\n    size -= 1\nreturn $one + $two[size:]",
            ),
        ]
    )
    return lesson.draft(
        g,
        name,
        "one:abc two:abc",
        ret,
        text,
        b1,
        b2,
        imports=("from functools import lru_cache",),
        tellings=(
            f"You are given two strings @one and @two. Return {text}.",
            f"[Compare the texts @one and @two|Lay the texts @one and @two side by side]. [Find|Return] {text}.",
        ),
        plan="I compare beginnings of the two strings step by step.",
    )


@lesson
def cooling_tasks(g: Random) -> Draft:
    k = g.randint(1, 3)
    gap = "one unit" if k == 1 else f"{k} units"
    name, text, ret, body = g.choice(
        [
            (
                "time_in_order",
                f"the number of time units needed if the tasks are done in order and equal tasks must have at least {gap} between them, so that one sometimes waits",
                "int",
                f"last = {{}}\nclock = 0\nfor task in $tasks:\n    if task in last:\n        clock = max(clock, last[task] + {k + 1})\n    last[task] = clock\n    clock += 1\nreturn clock",
            ),
            (
                "plan_in_order",
                f"a string of what happens in each time unit, a letter for a task and '.' for waiting, if the tasks are done in order and equal tasks must have at least {gap} between them",
                "str",
                f"plan = ''\nfor task in $tasks:\n    while task in plan[-{k}:]:\n        plan += '.'\n    plan += task\nreturn plan",
            ),
            (
                "best_plan_length",
                f"the smallest number of time units in which all tasks can be done in any order, if equal tasks must have at least {gap} between them",
                "int",
                f"if not $tasks:\n    return 0\ncounts = [$tasks.count(c) for c in set($tasks)]\nmost = max(counts)\nreturn max(len($tasks), (most - 1) * {k + 1} + counts.count(most))",
            ),
            (
                "skipped_tasks",
                f"the string of the tasks that are done, if a task is skipped when the same task was done among the last {k} done before it",
                "str",
                f"done = ''\nfor task in $tasks:\n    if task not in done[-{k}:]:\n        done += task\nreturn done",
            ),
        ]
    )
    return lesson.draft(
        g,
        name,
        "tasks:tasks",
        ret,
        f"{text}, for the tasks in @tasks, one letter each",
        body,
        tellings=(
            f"A machine works through @tasks, a string in which every letter is one task of one time unit. Return {text}.",
            f"Each letter of @tasks is a task that takes one time unit; equal letters are equal tasks. Return {text}.",
        ),
        plan="I keep track of when each task was done last.",
    )


@lesson
def painted_houses(g: Random) -> Draft:
    name, text, ret, b1, b2 = g.choice(
        [
            (
                "cheapest_painting",
                "the smallest total cost of painting all houses so that no two neighbouring houses have the same colour",
                "int",
                "best = [0, 0, 0]\nfor cost in $costs:\n    best = [cost[c] + min(best[o] for o in range(3) if o != c) for c in range(3)]\nreturn min(best)",
                "def paint(i, last):\n    if i == len($costs):\n        return 0\n    return min($costs[i][c] + paint(i + 1, c) for c in range(3) if c != last)\n\nreturn paint(0, None)",
            ),
            (
                "greedy_painting",
                "a list of the colours (0, 1 or 2), if house by house the cheapest colour is taken that the house before does not have, the smallest number if two cost the same",
                "list[int]",
                "colours = []\nfor cost in $costs:\n    free = [c for c in range(3) if not colours or c != colours[-1]]\n    colours.append(min(free, key=lambda c: cost[c]))\nreturn colours",
                "result, last = [], None\nfor cost in $costs:\n    best = None\n    for c in range(3):\n        if c != last and (best is None or cost[c] < cost[best]):\n            best = c\n    result.append(best)\n    last = best\nreturn result",
            ),
            (
                "one_colour_cost",
                "the smallest total cost of painting all houses in the same colour",
                "int",
                "return min(sum(cost[c] for cost in $costs) for c in range(3))",
                "totals = [0, 0, 0]\nfor cost in $costs:\n    for c in range(3):\n        totals[c] += cost[c]\nreturn min(totals)",
            ),
            (
                "change_penalty",
                f"the smallest total cost of painting all houses, if every change of colour between neighbouring houses costs {(k := g.randint(2, 4))} more",
                "int",
                f"best = [0, 0, 0]\nfor i, cost in enumerate($costs):\n    extra = {k} if i else 0\n    best = [cost[c] + min(best[o] + (extra if o != c else 0) for o in range(3)) for c in range(3)]\nreturn min(best)",
                None,
            ),
            (
                "regret",
                "how much more it costs to take the dearest colour for every house than to take the cheapest one for every house",
                "int",
                "return sum(max(cost) - min(cost) for cost in $costs)",
                "dear = cheap = 0\nfor cost in $costs:\n    dear += max(cost)\n    cheap += min(cost)\nreturn dear - cheap",
            ),
        ]
    )
    return lesson.draft(
        g,
        name,
        "costs:costs",
        ret,
        f"{text}; @costs has for each house in the row the costs of the colours 0, 1 and 2",
        *([b1, b2] if b2 else [b1]),
        tellings=(
            f"Every row of @costs belongs to one house and has three costs, for the colours 0, 1 and 2. Your task is to return {text}.",
            f"A row of houses is to be painted in three colours, 0, 1 and 2. @costs[i] lists the cost of each colour for house i. Return {text}. [Without houses there is nothing to pay or to paint.|An empty list means that there are no houses.]",
        ),
        plan="For each house I keep the best cost for each colour.",
    )


@lesson
def cover_with_points(g: Random) -> Draft:
    name, text, ret, b1, b2 = g.choice(
        [
            (
                "fewest_checks",
                "the smallest number of moments such that every interval of @spans, both ends included, contains at least one of them",
                "int",
                "checks, last = 0, None\nfor start, end in sorted($spans, key=lambda s: s[1]):\n    if last is None or start > last:\n        last = end\n        checks += 1\nreturn checks",
                "rest = list($spans)\nchecks = 0\nwhile rest:\n    moment = min(end for _, end in rest)\n    rest = [(s, e) for s, e in rest if not s <= moment <= e]\n    checks += 1\nreturn checks",
            ),
            (
                "spans_to_remove",
                "the smallest number of intervals of @spans that must be removed so that the others do not overlap; touching is allowed",
                "int",
                "kept, free = 0, None\nfor start, end in sorted($spans, key=lambda s: s[1]):\n    if free is None or start >= free:\n        kept += 1\n        free = end\nreturn len($spans) - kept",
                None,
            ),
            (
                "inner_spans",
                "a list of the intervals of @spans, in order, that lie within another interval of the list; equal ones at different positions lie within each other",
                "list[tuple[int, int]]",
                "result = []\nfor i, (start, end) in enumerate($spans):\n    if any(j != i and s <= start and end <= e for j, (s, e) in enumerate($spans)):\n        result.append((start, end))\nreturn result",
                "return [p for i, p in enumerate($spans) if any(q[0] <= p[0] and p[1] <= q[1] for j, q in enumerate($spans) if i != j)]",
            ),
            (
                "common_part",
                "the interval that lies in all intervals of @spans as a tuple, or None if there is none with a length above 0 or the list is empty",
                "tuple[int, int] | None",
                "if not $spans:\n    return None\nstart = max(s for s, _ in $spans)\nend = min(e for _, e in $spans)\nreturn (start, end) if start < end else None",
                "part = None\nfor i, (s, e) in enumerate($spans):\n    part = (s, e) if i == 0 else (max(part[0], s), min(part[1], e))\nreturn part if part and part[0] < part[1] else None",
            ),
            (
                "longest_relay",
                "the largest number of intervals of @spans in a chain in which each one starts exactly where the one before it ends",
                "int",
                "def chain(end):\n    return max((1 + chain(e) for s, e in $spans if s == end), default=0)\n\nreturn max((1 + chain(e) for _, e in $spans), default=0)",
                "best = {}\nfor s, e in sorted($spans):\n    best[e] = max(best.get(e, 0), best.get(s, 0) + 1)\nreturn max(best.values(), default=0)",
            ),
            (
                "span_lengths",
                "a dictionary that maps each length that occurs among the intervals of @spans to the number of intervals with that length, in ascending order of length",
                "dict[int, int]",
                "lengths = sorted(end - start for start, end in $spans)\nreturn {n: lengths.count(n) for n in lengths}",
                "counts = {}\nfor start, end in $spans:\n    counts[end - start] = counts.get(end - start, 0) + 1\nreturn dict(sorted(counts.items()))",
            ),
        ]
    )
    return lesson.draft(
        g,
        name,
        "spans:spans",
        ret,
        text,
        *([b1, b2] if b2 else [b1]),
        tellings=(
            f"The tuples in @spans are intervals (start, end) on a line. Return {text}.",
            f"[Somebody plans with intervals of time|Times are given as intervals]: @spans is a list of tuples (start, end). Your task is to return {text}.",
        ),
        plan="I sort the intervals or compare them with each other.",
    )
