"""Machines: things with a state that events change, from lamps and lifts to accounts, games and queues."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

from gemstead.train.curriculum.draft import Draft, draw_word
from gemstead.train.curriculum.lessons import Lessons

NAMES = ["Ann", "Ben", "Cleo", "Dan"]


def _string(chars: str, high: int = 10, low: int = 0) -> Callable[[Random], object]:
    return lambda rng: "".join(rng.choice(chars) for _ in range(rng.randint(low, high)))


def _ints(low: int, high: int, longest: int = 8, shortest: int = 0) -> Callable[[Random], object]:
    return lambda rng: [rng.randint(low, high) for _ in range(rng.randint(shortest, longest))]


def _choices(options: Sequence[object], longest: int = 6, shortest: int = 0) -> Callable[[Random], object]:
    return lambda rng: [rng.choice(options) for _ in range(rng.randint(shortest, longest))]


def _edits(rng: Random) -> object:
    return [
        rng.choice(["undo", "undo", "clear", draw_word(rng), draw_word(rng), draw_word(rng)])
        if rng.random() < 0.9
        else "undo"
        for _ in range(rng.randint(0, 6))
    ]


def _number_or(words: list[str], low: int = 1, high: int = 9, longest: int = 7) -> Callable[[Random], object]:
    return lambda rng: [
        rng.choice(words) if rng.random() < 0.4 else rng.randint(low, high) for _ in range(rng.randint(0, longest))
    ]


def _transfers(rng: Random) -> object:
    return [(*rng.sample(NAMES, 2), rng.randint(1, 30)) for _ in range(rng.randint(0, 3))]


def _commands(verbs: list[str], low: int = 1, high: int = 9, longest: int = 5) -> Callable[[Random], object]:
    return lambda rng: [f"{rng.choice(verbs)} {rng.randint(low, high)}" for _ in range(rng.randint(0, longest))]


def _events(names: list[str], verbs: list[str]) -> Callable[[Random], object]:
    return lambda rng: [(rng.choice(names), rng.choice(verbs)) for _ in range(rng.randint(0, 5))]


lesson = Lessons("machines", kinds={
    "turns": ("str", "a string of the commands F, L and R", _string("FFLR", 9)),
    "presses": ("str", "a string of button presses", _string("+++-r", 9)),
    "floors": ("list[int]", "a list of floor numbers", _ints(0, 9, 7)),
    "coins": ("list[int]", "a list of coins", _choices([5, 10, 20, 50], 7)),
    "flow": ("list[int]", "a list of amounts", _ints(-8, 9, 8)),
    "pos": ("list[int]", "a list of positive integers", _ints(1, 12, 8)),
    "dice": ("list[int]", "a list of dice rolls from 1 to 6", _ints(1, 6, 9)),
    "dice1": ("list[int]", "a non-empty list of dice rolls from 1 to 6", _ints(1, 6, 8, 1)),
    "start": ("int", "a non-negative integer", lambda r: r.randint(0, 20)),
    "few": ("int", "a non-negative integer", lambda r: r.randint(0, 9)),
    "rounds": ("int", "a number of rounds", lambda r: r.randint(0, 8)),
    "people": ("list[str]", "a list of names", lambda r: r.sample(["Ann", "Ben", "Cleo", "Dan", "Eve", "Finn"], r.randint(1, 6))),
    "edits": ("list[str]", "a list of words", _edits),
    "undo": ("list", "a list of numbers and the string 'undo'", _number_or(["undo"])),
    "queue": ("list", "a list of numbers and the string 'next'", _number_or(["next"])),
    "transfers": ("list[tuple[str, str, int]]", "a list of transfers (from, to, amount)", _transfers),
    "tank": ("list[str]", "a list of commands such as 'fill 3' and 'drain 2'", _commands(["fill", "fill", "drain"])),
    "robot": ("list[str]", "a list of commands such as 'north 3' and 'east 1'", _commands(["north", "south", "east", "west"], 1, 5)),
    "lamp": ("list[str]", "a list of the commands 'on', 'off' and 'toggle'", _choices(["on", "off", "toggle", "toggle"], 6)),
    "doors": ("list[tuple[str, str]]", "a list of pairs (name, 'in' or 'out')", _events(NAMES, ["in", "in", "out"])),
    "votes": ("list[str]", "a list of the names voted for", _choices(["Ann", "Ben", "Cleo"], 7)),
    "results": ("str", "a string of the results W, D and L", _string("WWDL", 9)),
    "hands": ("list[str]", "a list of the hands 'rock', 'paper' and 'scissors'", lambda r: [r.choice(["rock", "paper", "scissors"]) for _ in range(3)]),
    "points": ("str", "a string of the letters A and B", _string("AB", 12)),
    "keys": ("str", "a string of keys", _string("abcde<<^", 10)),
    "battery": ("list[str]", "a list of activities", _choices(["walk", "video", "charge", "sleep", "call"], 6)),
    "tunnel": ("str", "a string of the signals I and O", _string("IIO", 10)),
    "temps": ("list[int]", "a list of temperatures", _ints(12, 28, 8)),
    "stock": ("dict[str, int]", "a dictionary that maps goods to the number in stock", lambda r: {w: r.randint(0, 6) for w in r.sample(["pen", "cup", "lamp", "book"], r.randint(1, 4))}),
    "orders": ("list[tuple[str, int]]", "a list of orders (goods, number)", lambda r: [(r.choice(["pen", "cup", "lamp", "book"]), r.randint(1, 4)) for _ in range(r.randint(0, 3))]),
    "rooms": ("list[str]", "a list of directions", _choices(["north", "south", "east", "west"], 6)),
    "chatlog": ("list[str]", "a list of lines such as 'Ann: hello'", lambda r: [f"{r.choice(NAMES)}: {draw_word(r)}" for _ in range(r.randint(0, 4))]),
    "bitsrow": ("list[int]", "a non-empty list of zeros and ones", _ints(0, 1, 9, 1)),
    "calc": ("list[str]", "a list of numbers and operators, each as a string", lambda r: [str(r.randint(1, 9)), str(r.randint(1, 9))] + [t for _ in range(r.randint(0, 2)) for t in (r.choice("+-*"), str(r.randint(1, 9)))] + [r.choice("+-*")]),
    "jumps": ("list[int]", "a non-empty list of jumps", _ints(-3, 4, 7, 1)),
    "secret": ("str", "a string of four letters", _string("ABCD", 4, 4)),
    "pair_int": ("list[tuple[int, int]]", "a list of pairs of goals (home, away)", lambda r: [(r.randint(0, 4), r.randint(0, 4)) for _ in range(r.randint(0, 6))]),
    "cards": ("list[int]", "a list of cards with the values 1 to 10", _ints(1, 10, 7)),
    "songs": ("list[str]", "a list of songs", lambda r: r.sample(["intro", "rain", "drums", "waltz", "finale"], r.randint(1, 5))),
    "player": ("list[str]", "a list of the commands 'next', 'back', 'first' and 'last'", _choices(["next", "next", "back", "back", "last", "first"], 6)),
    "beats": ("list[int]", "a list of times in seconds in ascending order", lambda r: sorted(r.randint(0, 40) for _ in range(r.randint(0, 8)))),
})  # fmt: skip


@lesson
def turning_robot(g: Random) -> Draft:
    face = g.choice("NESW")
    out, code, ret, name = g.choice(
        [
            ("the position (x, y) of the robot at the end", "(x, y)", "tuple[int, int]", "position"),
            ("the direction ('N', 'E', 'S' or 'W') in which the robot looks at the end", "'NESW'[d]", "str", "facing"),
            (
                "the position and direction of the robot at the end, as a tuple (x, y, direction)",
                "(x, y, 'NESW'[d])",
                "tuple[int, int, str]",
                "state",
            ),
            (
                "the number of steps by which the robot is away from its start at the end, counted along both axes",
                "abs(x) + abs(y)",
                "int",
                "distance",
            ),
        ]
    )
    looks = {"N": "north", "E": "east", "S": "south", "W": "west"}[face]
    return lesson.draft(
        g,
        f"robot_{name}",
        "orders:turns",
        ret,
        f"{out} of the orders @orders, if it starts at (0, 0) facing {face}, 'F' moves it one step forward, 'L' turns it left and 'R' turns it right; north is the direction of growing y, east that of growing x".replace(
            "at the end of the orders", "after the orders"
        )
        .replace(
            "at the end, as a tuple (x, y, direction) of the orders @orders",
            "after the orders @orders, as a tuple (x, y, direction)",
        )
        .replace(
            "at the end, counted along both axes of the orders @orders",
            "after the orders @orders, counted along both axes",
        ),
        f"steps = [(0, 1), (1, 0), (0, -1), (-1, 0)]\nx = y = 0\nd = {'NESW'.index(face)}\nfor order in $orders:\n    if order == 'L':\n        d = (d - 1) % 4\n    elif order == 'R':\n        d = (d + 1) % 4\n    else:\n        x += steps[d][0]\n        y += steps[d][1]\nreturn {code}",
        f"x, y, d = 0, 0, {'NESW'.index(face)}\nfor order in $orders:\n    if order == 'F':\n        if d == 0:\n            y += 1\n        elif d == 1:\n            x += 1\n        elif d == 2:\n            y -= 1\n        else:\n            x -= 1\n    else:\n        d = (d + (1 if order == 'R' else 3)) % 4\nreturn {code}",
        tellings=(
            f"A robot stands on the origin of a plane and looks to {looks}. It reads @orders from left to right: F means one step forward, L a quarter turn to the left, R a quarter turn to the right. North is up (y grows), east is to the right (x grows). Return {out}.",
            f"Simulate a robot that starts at (0, 0) with its face to '{face}'. For every letter of @orders it either turns ('L' left, 'R' right) or moves forward by one ('F'). Going north increases y and going east increases x. [Report|Return] {out}.",
        ),
        plan="I keep x, y and a direction from 0 to 3 and update them order by order.",
    )


@lesson
def counter_with_buttons(g: Random) -> Draft:
    top = g.randint(3, 6)
    mode, text, plus, minus = g.choice(
        [
            (
                "stop",
                f"the counter stays between 0 and {top}, so that presses that would leave this range have no effect",
                f"value = min(value + 1, {top})",
                "value = max(value - 1, 0)",
            ),
            (
                "wrap",
                f"after {top} comes 0 again, and before 0 comes {top}",
                f"value = (value + 1) % {top + 1}",
                f"value = (value - 1) % {top + 1}",
            ),
            ("free", "the counter may also become negative", "value += 1", "value -= 1"),
            (
                "double",
                "'-' takes away two, but the counter never goes below 0",
                "value += 1",
                "value = max(0, value - 2)",
            ),
        ]
    )
    out, track, code, ret = g.choice(
        [
            ("the value of the counter after all presses", "", "value", "int"),
            ("the largest value that the counter ever shows", "best = max(best, value)", "best", "int"),
            ("a list of the values shown after each press", "shown.append(value)", "shown", "list[int]"),
        ]
    )
    init = {"": "", "best": "best = 0\n", "shown": "shown = []\n"}[
        "" if not track else track.split(" ")[0].split(".")[0]
    ]
    tail = f"\n    {track}" if track else ""
    return lesson.draft(
        g,
        f"[counter|tally|clicker]_{mode}",
        "presses:presses",
        ret,
        f"{out} in @presses, where a counter starts at 0, '+' adds one, '-' takes one away and 'r' resets it to 0; {text}"
        if mode != "double"
        else f"{out} in @presses, where a counter starts at 0, '+' adds one, 'r' resets it to 0 and {text}",
        f"value = 0\n{init}for key in $presses:\n    if key == '+':\n        {plus}\n    elif key == '-':\n        {minus}\n    else:\n        value = 0{tail}\nreturn {code}",
        tellings=(
            f"A hand counter has three buttons: '+' counts up by one, '-' counts down by {'two' if mode == 'double' else 'one'}, 'r' resets to 0. It starts at 0, and {text if mode != 'double' else 'it never goes below 0'}. Given the pressed buttons @presses, return {out}.",
        ),
        plan="I keep the value of the counter and change it press by press.",
    )


@lesson
def elevator_trip(g: Random) -> Draft:
    home = g.choice([0, 0, 1, 5])
    out, b1, b2, ret, name = g.choice(
        [
            (
                "the total number of floors travelled",
                "total = 0\nfor floor in $stops:\n    total += abs(floor - here)\n    here = floor\nreturn total",
                "path = [here, *$stops]\nreturn sum(abs(p - q) for p, q in zip(path, path[1:]))",
                "int",
                "distance",
            ),
            (
                "the number of times it changes its direction, where calls to the floor where it already is are ignored",
                "turns = 0\nlast = 0\nfor floor in $stops:\n    if floor == here:\n        continue\n    way = 1 if floor > here else -1\n    if last and way != last:\n        turns += 1\n    last = way\n    here = floor\nreturn turns",
                "path = [here, *$stops]\nways = [q > p for p, q in zip(path, path[1:]) if p != q]\nreturn sum(p != q for p, q in zip(ways, ways[1:]))",
                "int",
                "turns",
            ),
            (
                "the number of floors it goes upwards in total",
                "up = 0\nfor floor in $stops:\n    if floor > here:\n        up += floor - here\n    here = floor\nreturn up",
                "path = [here, *$stops]\nreturn sum(max(0, q - p) for p, q in zip(path, path[1:]))",
                "int",
                "climb",
            ),
            (
                "a list of strings, 'up', 'down' or 'wait', with what it does at each call",
                "result = []\nfor floor in $stops:\n    if floor > here:\n        result.append('up')\n    elif floor < here:\n        result.append('down')\n    else:\n        result.append('wait')\n    here = floor\nreturn result",
                "path = [here, *$stops]\nreturn ['up' if q > p else 'down' if q < p else 'wait' for p, q in zip(path, path[1:])]",
                "list[str]",
                "moves",
            ),
            (
                "the longest single ride, in floors, or 0 if there is none",
                "longest = 0\nfor floor in $stops:\n    longest = max(longest, abs(floor - here))\n    here = floor\nreturn longest",
                "path = [here, *$stops]\nreturn max((abs(p - q) for p, q in zip(path, path[1:])), default=0)",
                "int",
                "longest_ride",
            ),
        ]
    )
    return lesson.draft(
        g,
        f"[elevator|lift]_{name}",
        "stops:floors",
        ret,
        f"{out}, when an elevator that [waits|begins] on floor {home} serves the floors @stops in the given order",
        f"here = {home}\n" + b1,
        f"here = {home}\n" + b2,
        tellings=(
            f"An elevator waits on floor {home} and is then called to the floors @stops, one after the other in the given order. Return {out}.",
            f"You are given the list @stops of floors an elevator stops at. At the beginning it is on floor {home}. [Work out|Determine] {out}.",
        ),
        plan="I remember the current floor and go from stop to stop.",
    )


@lesson
def vending(g: Random) -> Draft:
    price = g.choice([30, 40, 60, 80])
    out, b1, b2, ret, name = g.choice(
        [
            (
                "the number of drinks it gives out",
                f"paid = drinks = 0\nfor coin in $coins:\n    paid += coin\n    while paid >= {price}:\n        paid -= {price}\n        drinks += 1\nreturn drinks",
                f"return sum($coins) // {price}",
                "int",
                "drinks",
            ),
            (
                "the money left in the machine that was not enough for another drink",
                f"paid = 0\nfor coin in $coins:\n    paid = (paid + coin) % {price}\nreturn paid",
                f"return sum($coins) % {price}",
                "int",
                "credit",
            ),
            (
                "the number of coins needed until the first drink comes out, or -1 if the coins are not enough",
                f"paid = 0\nfor i, coin in enumerate($coins, 1):\n    paid += coin\n    if paid >= {price}:\n        return i\nreturn -1",
                f"for i in range(1, len($coins) + 1):\n    if sum($coins[:i]) >= {price}:\n        return i\nreturn -1",
                "int",
                "first_drink",
            ),
            (
                "a list of the amounts of change, where every drink is given out as soon as it is paid and the machine then returns all money paid too much",
                f"paid = 0\nchange = []\nfor coin in $coins:\n    paid += coin\n    if paid >= {price}:\n        change.append(paid - {price})\n        paid = 0\nreturn change",
                f"change, paid = [], 0\nfor coin in $coins:\n    paid += coin\n    if paid < {price}:\n        continue\n    change += [paid - {price}]\n    paid = 0\nreturn change",
                "list[int]",
                "change",
            ),
        ]
    )
    return lesson.draft(
        g,
        f"[vending|machine]_{name}",
        "coins:coins",
        ret,
        f"{out}, if the coins @coins are put one after the other into a machine that sells drinks for {price} cents",
        b1,
        b2,
        tellings=(
            f"A drink from the machine costs {price} cents. Somebody puts in the coins @coins (their values in cents), one by one. Return {out}.",
            f"Simulate a vending machine. Price of a drink: {price} cents. Input: the list @coins of inserted coins in order. Output: {out}.",
        ),
        plan="I add up the coins and react whenever the price is reached.",
    )


@lesson
def traffic_phases(g: Random) -> Draft:
    a, b, c = g.randint(2, 6), g.randint(1, 2), g.randint(2, 5)
    names = g.choice([("green", "yellow", "red"), ("go", "careful", "stop"), ("open", "closing", "closed")])
    text = f"{a} seconds '{names[0]}', then {b} second{'s' if b > 1 else ''} '{names[1]}', then {c} seconds '{names[2]}', over and over again"
    if g.random() < 0.5:
        return lesson.draft(
            g,
            "[signal|light]_at_second",
            "t:start",
            "str",
            f"the state after @t full seconds of a signal that shows {text}, beginning with '{names[0]}' at second 0",
            f"t = $t % {a + b + c}\nif t < {a}:\n    return '{names[0]}'\nif t < {a + b}:\n    return '{names[1]}'\nreturn '{names[2]}'".replace(
                "t = $t", "rest = $t"
            ).replace("if t <", "if rest <"),
            f"states = ['{names[0]}'] * {a} + ['{names[1]}'] * {b} + ['{names[2]}'] * {c}\nreturn states[$t % len(states)]",
            tellings=(
                f"A signal repeats a fixed programme: {text}. At second 0 it has just switched to '{names[0]}'. Return what it shows at second @t.",
            ),
            plan="I take the time modulo the length of the cycle.",
        )
    k = g.choice([0, 1, 2])
    return lesson.draft(
        g,
        "[seconds_of|time_in]_phase",
        "t:start",
        "int",
        f"the number of the seconds 0, 1, ..., @t - 1 in which a signal shows '{names[k]}', if its cycle is {text}, beginning at second 0",
        f"states = ['{names[0]}'] * {a} + ['{names[1]}'] * {b} + ['{names[2]}'] * {c}\nreturn sum(1 for i in range($t) if states[i % len(states)] == '{names[k]}')",
        f"total = 0\nfor second in range($t):\n    rest = second % {a + b + c}\n    if {[f'rest < {a}', f'{a} <= rest < {a + b}', f'rest >= {a + b}'][k]}:\n        total += 1\nreturn total",
        tellings=(
            f"From second 0 on, a signal shows {text}. For how many of the first @t seconds does it show '{names[k]}'?",
        ),
        plan="I count the seconds whose place in the cycle belongs to the phase.",
    )


@lesson
def bounded_tank(g: Random) -> Draft:
    cap, start = g.randint(8, 15), g.randint(0, 5)
    out, code, ret, name = g.choice(
        [
            ("the amount of water in the tank at the end", "level", "int", "level"),
            ("the total amount of water that ran over", "spilled", "int", "overflow"),
            ("the number of commands after which the tank was empty", "empty", "int", "empty_times"),
            (
                "the amount at the end and the amount that ran over, as a tuple",
                "(level, spilled)",
                "tuple[int, int]",
                "state",
            ),
        ]
    )
    lines = [
        f"    spilled += max(0, level - {cap})\n" if "spilled" in code else "",
        "    if level == 0:\n        empty += 1\n" if code == "empty" else "",
    ]
    init = "".join(f"{v} = 0\n" for v in ("spilled", "empty") if v in code)
    return lesson.draft(
        g,
        f"tank_{name}",
        "commands:tank",
        ret,
        f"{out}, if a tank of {cap} litres that holds {start} litres follows @commands: 'fill n' adds n litres, everything above {cap} litres runs over, and 'drain n' takes out n litres or all that is left",
        f"level = {start}\n{init}for command in $commands:\n    verb, amount = command.split()\n    if verb == 'fill':\n        level += int(amount)\n    else:\n        level = max(0, level - int(amount))\n{lines[0]}    level = min(level, {cap})\n{lines[1]}return {code}",
        tellings=(
            f"Input: a list @commands of strings 'fill n' and 'drain n'. A tank with room for {cap} litres starts with {start} litres; filling beyond {cap} spills the rest, draining stops at 0. Output: {out}.",
            f"A water tank holds at most {cap} litres; at first there are {start} litres in it. It gets @commands such as 'fill 4' (4 litres are poured in; what does not fit is lost) or 'drain 4' (4 litres are let out, or less if there is not so much). Return {out}.",
        ),
        plan="I split each command into verb and amount and update the level.",
    )


@lesson
def walk_by_names(g: Random) -> Draft:
    out, code, ret, name = g.choice(
        [
            ("the end position as a tuple (x, y)", "(x, y)", "tuple[int, int]", "end"),
            (
                "the largest distance from the start (absolute value of x plus absolute value of y) after any of the orders",
                "far",
                "int",
                "farthest",
            ),
            ("the number of orders after which it is exactly on one of the two axes", "on_axis", "int", "axis_stops"),
            ("the length of the whole way", "way", "int", "length"),
        ]
    )
    init = {"far": "far = 0\n", "on_axis": "on_axis = 0\n", "way": "way = 0\n"}.get(code, "")
    upd = {
        "far": "    far = max(far, abs(x) + abs(y))\n",
        "on_axis": "    if x == 0 or y == 0:\n        on_axis += 1\n",
        "way": "    way += n\n",
    }.get(code, "")
    return lesson.draft(
        g,
        f"walk_{name}",
        "orders:robot",
        ret,
        f"{out} of a walker that starts at (0, 0) and follows @orders, where 'north' and 'south' change y and 'east' and 'west' change x",
        f"steps = {{'north': (0, 1), 'south': (0, -1), 'east': (1, 0), 'west': (-1, 0)}}\nx = y = 0\n{init}for order in $orders:\n    word, n = order.split()\n    n = int(n)\n    x += steps[word][0] * n\n    y += steps[word][1] * n\n{upd}return {code}",
        f"x, y = 0, 0\n{init}for order in $orders:\n    word, amount = order.split(' ')\n    n = int(amount)\n    if word == 'north':\n        y += n\n    elif word == 'south':\n        y -= n\n    elif word == 'east':\n        x += n\n    else:\n        x -= n\n{upd}return {code}",
        tellings=(
            f"Follow the orders in @orders from the origin (0, 0): north is y + 1 per step, south y - 1, east x + 1, west x - 1. Return {out}.",
            f"A walker on a plane starts at the point (0, 0). Each string in @orders is a compass direction and a number of steps, such as 'north 3' (north increases y, east increases x). Return {out}.",
        ),
        plan="I parse each order and move the point.",
    )


@lesson
def lamp_commands(g: Random) -> Draft:
    start = g.choice([True, False])
    out, ret, name = g.choice(
        [
            ("True if the lamp is on at the end", "bool", "is_lit"),
            ("how many commands really changed its state", "int", "changes"),
            ("the number of commands after which it is on", "int", "lit_count"),
            ("a list of strings 'on' or 'off' with its state after each command", "list[str]", "states"),
        ]
    )
    begin = "on" if start else "off"
    step = "    if c == 'toggle':\n        lit = not lit\n    else:\n        lit = c == 'on'\n"
    if name == "is_lit":
        bodies: tuple[str, ...] = (f"lit = {start}\nfor c in $commands:\n{step}return lit",)
        result = f"True if a lamp that is {begin} at first is on after the commands @commands ('on', 'off' or 'toggle', which switches between the two states)"
    elif name == "changes":
        bodies = (
            f"lit = {start}\nchanges = 0\nfor c in $commands:\n    before = lit\n{step}    if lit != before:\n        changes += 1\nreturn changes",
            f"lit, changes = {start}, 0\nfor c in $commands:\n    if c == 'toggle' or (c == 'on') != lit:\n        lit = not lit\n        changes += 1\nreturn changes",
        )
        result = f"how many of the commands @commands ('on', 'off' or 'toggle') really change the state of a lamp that is {begin} at first"
    elif name == "lit_count":
        bodies = (f"lit = {start}\ntotal = 0\nfor c in $commands:\n{step}    total += lit\nreturn total",)
        result = f"the number of commands in @commands ('on', 'off' or 'toggle') after which a lamp that is {begin} at first is on"
    else:
        bodies = (
            f"lit = {start}\nstates = []\nfor c in $commands:\n{step}    states.append('on' if lit else 'off')\nreturn states",
            f"state = '{begin}'\nresult = []\nfor c in $commands:\n    if c == 'toggle':\n        state = 'off' if state == 'on' else 'on'\n    else:\n        state = c\n    result.append(state)\nreturn result",
        )
        result = f"a list with the state, 'on' or 'off', of a lamp after each of the commands @commands ('on', 'off' or 'toggle'), if it is {begin} at first"
    return lesson.draft(
        g,
        f"lamp_{name}",
        "commands:lamp",
        ret,
        result,
        *bodies,
        tellings=(
            f"A panel sends 'on', 'off' and 'toggle' to a lamp, as listed in @commands. The lamp is {begin} before the first command. Return {out}.",
            f"A lamp is {begin} at the beginning. It receives the commands in @commands: 'on' switches it on (even if it is on already), 'off' switches it off, and 'toggle' changes the state. Return {out}.",
        ),
        plan="I keep the state of the lamp in a variable.",
    )


@lesson
def undo_history(g: Random) -> Draft:
    red = g.random() < 0.3
    out, code, ret = g.choice(
        [
            ("the list of numbers that remain", "kept", "list[int]"),
            ("the sum of the numbers that remain", "sum(kept)", "int"),
            ("the last number that remains, or 0 if there is none", "kept[-1] if kept else 0", "int"),
            ("the largest number of entries that were there at one time", "most", "int"),
        ]
    )
    two = g.random() < 0.3
    undo = (
        "removes the last two numbers that are still there (or all, if there are fewer)"
        if two
        else "removes the last number that is still there, if any"
    )
    pop = "        kept = kept[:-2]\n" if two else "        if kept:\n            kept.pop()\n"
    init, upd = ("most = 0\n", "    most = max(most, len(kept))\n") if code == "most" else ("", "")
    return lesson.draft(
        g,
        "[after|with]_[undo|corrections]" if not red else "[entries|numbers]_left",
        "entries:undo",
        ret,
        f"{out} when the entries @entries are processed in order and each 'undo' {undo}",
        f"kept = []\n{init}for entry in $entries:\n    if entry == 'undo':\n{pop}    else:\n        kept.append(entry)\n{upd}return {code}",
        tellings=(
            f"Process @entries from left to right with a list that is empty at first: a number is appended, and 'undo' {undo}. Return {out}.",
            f"A cashier types in numbers and sometimes the word 'undo'. Every 'undo' {undo}. Given everything that was typed as the list @entries, return {out}.",
        ),
        plan="A list serves as a stack of the entries that are still valid.",
    )


@lesson
def text_buffer(g: Random) -> Draft:
    out, code, ret = g.choice(
        [
            ("the text at the end", "''.join(typed)", "str"),
            ("the length of the text at the end", "len(typed)", "int"),
            ("the number of letters that were deleted again", "deleted", "int"),
        ]
    )
    init, upd = ("deleted = 0\n", "            deleted += 1\n") if code == "deleted" else ("", "")
    return lesson.draft(
        g,
        "[typed|keyboard]_[text|result]" if ret == "str" else "[typed|keyboard]_count",
        "keys:keys",
        ret,
        f"{out} after the keys @keys were pressed, where '<' deletes the last letter (if there is one), '^' switches capital letters on or off, and every other key adds its letter",
        f"typed = []\ncapital = False\n{init}for key in $keys:\n    if key == '<':\n        if typed:\n            typed.pop()\n{upd}    elif key == '^':\n        capital = not capital\n    else:\n        typed.append(key.upper() if capital else key)\nreturn {code}",
        tellings=(
            f"Simulate typing. Go through @keys: a letter is appended to the text (as a capital letter while the lock is on), '<' removes the last letter of the text if there is one, '^' turns the lock on or off. The lock is off at first. Return {out}.",
            f"A simple keyboard knows letters and two special keys. '<' is the backspace key: it removes the last letter and does nothing if there is none. '^' is the lock key: pressing it switches from small to capital letters, pressing it again switches back. At first letters are small. For the sequence @keys, return {out}.",
        ),
        plan="I keep the typed letters in a list and a flag for capital letters.",
    )


@lesson
def serving_line(g: Random) -> Draft:
    mode = g.choice(["fifo", "lifo", "smallest", "largest"])
    text, pick = {
        "fifo": ("the number that has waited longest", "waiting.pop(0)"),
        "lifo": ("the number that came last", "waiting.pop()"),
        "smallest": ("the smallest waiting number", "waiting.pop(waiting.index(min(waiting)))"),
        "largest": ("the largest waiting number", "waiting.pop(waiting.index(max(waiting)))"),
    }[mode]
    out, code, ret, idle = g.choice(
        [
            ("a list of the numbers in the order in which they are served", "served", "list[int]", ""),
            (
                "the list of the numbers still waiting at the end, in the order of their arrival",
                "waiting",
                "list[int]",
                "",
            ),
            (
                "the number of calls that found nobody waiting",
                "idle",
                "int",
                "    elif entry == 'next':\n        idle += 1\n",
            ),
            ("the sum of the numbers served", "sum(served)", "int", ""),
        ]
    )
    return lesson.draft(
        g,
        f"[served|counter|desk]_{mode}",
        "events:queue",
        ret,
        f"{out}, if in @events a number means that it joins the waiting ones and 'next' means that {text} is served; 'next' does nothing while nobody waits",
        f"waiting, served = [], []\n{'idle = 0' + chr(10) if idle else ''}for entry in $events:\n    if entry == 'next' and waiting:\n        served.append({pick})\n{idle}    elif entry != 'next':\n        waiting.append(entry)\nreturn {code}",
        tellings=(
            f"Input: @events, a list of numbers (arrivals) and 'next' (calls). At a call, {text} leaves the waiting room; calls to an empty room have no effect. Output: {out}.",
            f"At a desk, people with numbers arrive and are called. The list @events has a number for each arrival and the word 'next' whenever the desk is free. At each 'next', {text} is served; if nobody is waiting, nothing happens. Return {out}.",
        ),
        plan="I keep a list of those waiting and take one out at each call.",
    )


@lesson
def account_rules(g: Random) -> Draft:
    limit = g.choice([0, 0, 5, 10])
    fee = g.choice([0, 1, 2])
    start = g.randint(0, 12)
    rule = f"a withdrawal that would bring the balance below {'zero' if not limit else -limit} is refused" + (
        f" and costs a fee of {fee} instead, whatever the balance" if fee else " and changes nothing"
    )
    out, code, ret, name = g.choice(
        [
            ("the balance at the end", "balance", "int", "balance"),
            ("the number of refused withdrawals", "refused", "int", "refusals"),
            (
                "the balance at the end and the number of refused withdrawals, as a tuple",
                "(balance, refused)",
                "tuple[int, int]",
                "statement",
            ),
            ("a list with the balance after each booking", "history", "list[int]", "history"),
            ("the highest balance, the one at the beginning included", "highest", "int", "peak"),
        ]
    )
    init = "".join(
        line
        for key, line in (
            ("refused", "refused = 0\n"),
            ("history", "history = []\n"),
            ("highest", f"highest = {start}\n"),
        )
        if key in code
    )
    bad = [
        *(["        refused += 1\n"] if "refused" in code else []),
        *([f"        balance -= {fee}\n"] if fee else []),
    ]
    after = {"history": "    history.append(balance)\n", "highest": "    highest = max(highest, balance)\n"}.get(
        code, ""
    )
    cond = f"balance + amount < {-limit}" if limit else "balance + amount < 0"
    main = (
        f"    if amount < 0 and {cond}:\n{''.join(bad)}    else:\n        balance += amount\n"
        if bad
        else f"    if amount >= 0 or not {cond}:\n        balance += amount\n"
    )
    if not bad:
        main = (
            f"    if amount < 0 and {cond}:\n        continue\n    balance += amount\n"
            if not after
            else f"    if amount >= 0 or balance + amount >= {-limit}:\n        balance += amount\n"
        )
    return lesson.draft(
        g,
        f"account_{name}",
        "bookings:flow",
        ret,
        f"{out} of an account that holds {start} and to which the amounts in @bookings are booked in order; {rule}",
        f"balance = {start}\n{init}for amount in $bookings:\n{main}{after}return {code}",
        tellings=(
            f"An account starts with {start}. The list @bookings has positive numbers for deposits and negative ones for withdrawals; {rule}. Return {out}.",
            f"Keep an account. Opening balance: {start}. Go through @bookings: numbers that are not negative are paid in; for a negative number, that much is taken out, but {rule}. [At the end, return|Return] {out}.",
        ),
        plan="I apply the bookings one by one and check each withdrawal first.",
    )


@lesson
def money_moves(g: Random) -> Draft:
    start = g.choice([10, 20, 50])
    names = NAMES
    check = g.random() < 0.5
    rule = (
        "a transfer is skipped if the payer does not have enough money"
        if check
        else "money may be owed, so balances can become negative"
    )
    out, code, ret = g.choice(
        [
            ("a dictionary with the money of each person", "money", "dict[str, int]"),
            (
                "the name of the richest person, the first of several in alphabetical order",
                "min(money, key=lambda name: (-money[name], name))",
                "str",
            ),
            (
                "a sorted list of the names of all who have less than at the beginning",
                f"sorted(name for name in money if money[name] < {start})",
                "list[str]",
            ),
        ]
    )
    body = (
        f"money = dict.fromkeys({names}, {start})\nfor giver, taker, amount in $transfers:\n"
        + (
            "    if money[giver] >= amount:\n        money[giver] -= amount\n        money[taker] += amount\n"
            if check
            else "    money[giver] -= amount\n    money[taker] += amount\n"
        )
        + f"return {code}"
    )
    loop = (
        f"money = {{name: {start} for name in {names}}}\nfor giver, taker, amount in $transfers:\n"
        + ("    if amount > money[giver]:\n        continue\n" if check else "")
        + f"    money[giver] = money[giver] - amount\n    money[taker] = money[taker] + amount\nreturn {code}"
    )
    return lesson.draft(
        g,
        "[after_transfers|settled|wallets]",
        "transfers:transfers",
        ret,
        f"{out} after @transfers, if {', '.join(names[:-1])} and {names[-1]} (in this order) have {start} each at first; {rule}",
        body,
        loop,
        tellings=(
            f"Ann, Ben, Cleo and Dan each have {start} coins. Carry out @transfers (from, to, amount) in order; {rule}. Return {out}.",
            f"Four friends, {', '.join(names[:-1])} and {names[-1]}, start a game with {start} coins each. Each tuple (giver, taker, amount) in @transfers moves coins from one to another; {rule}. Return {out}.",
        ),
        plan="I keep a dictionary of balances.",
    )


@lesson
def phone_battery(g: Random) -> Draft:
    use = {"walk": g.randint(2, 6), "video": g.randint(15, 25), "call": g.randint(8, 12), "sleep": 1}
    gain = g.choice([30, 40])
    start = g.choice([12, 20, 25, 30])
    text = ", ".join(f"'{k}' uses {v}" for k, v in use.items())
    out, code, ret = g.choice(
        [
            ("the charge at the end", "charge", "int"),
            ("the lowest charge ever reached, the start included", "lowest", "int"),
            ("the number of activities that could not be done", "failed", "int"),
        ]
    )
    init = {"lowest": f"lowest = {start}\n", "failed": "failed = 0\n"}.get(code, "")
    bad = "    else:\n        failed += 1\n" if code == "failed" else ""
    post = "    lowest = min(lowest, charge)\n" if code == "lowest" else ""
    return lesson.draft(
        g,
        "battery_[level|report|check]",
        "day:battery",
        ret,
        f"{out}, for a battery with a charge of {start}, where each activity in @day needs energy: {text}; 'charge' adds {gain}, up to 100 at most, and an activity for which the charge is too low is left out",
        f"costs = {use}\ncharge = {start}\n{init}for activity in $day:\n    if activity == 'charge':\n        charge = min(100, charge + {gain})\n    elif costs[activity] <= charge:\n        charge -= costs[activity]\n{bad}{post}return {code}",
        tellings=(
            f"The battery of a phone has a charge of {start} (full would be 100). During a day the activities in @day follow each other: {text}, and 'charge' adds {gain} but never beyond 100. If there is not enough charge for an activity, it is skipped. Return {out}.",
        ),
        plan="I look up the cost of each activity and update the charge.",
    )


@lesson
def growing_population(g: Random) -> Draft:
    a, b, cap = g.randint(2, 3), g.randint(1, 6), g.randint(60, 200)
    text, step = g.choice(
        [
            (f"multiplies by {a} each year, and then {b} leave", f"max(0, $size * {a} - {b})"),
            (f"grows by half of its size (rounded down) plus {b} each year", f"$size + $size // 2 + {b}"),
            (f"loses a third (rounded down) each year and then gains {b}", f"$size - $size // 3 + {b}"),
            (f"doubles each year, but never gets larger than {cap}", f"min({cap}, $size * 2)"),
            (
                f"grows by {b} in each year in which it is even, and doubles in each year in which it is odd",
                f"$size + {b} if $size % 2 == 0 else $size * 2",
            ),
        ]
    )
    mode = g.choice(["after", "list", "sum"])
    if mode == "after":
        return lesson.draft(
            g,
            "[herd|colony|village]_size",
            "size:start years:rounds",
            "int",
            f"the size after @years years of a population that has the size @size now and {text}",
            f"for _ in range($years):\n    $size = {step}\nreturn $size",
            f"if $years == 0:\n    return $size\nreturn SELF({step}, $years - 1)",
            tellings=(f"A population of @size animals {text}. How many are there after @years years?",),
            plan="I repeat the yearly rule.",
        )
    out, code = (
        ("a list of the sizes, from now up to after @years years,", "sizes")
        if mode == "list"
        else ("the largest size, now or after any of the next @years years,", "max(sizes)")
    )
    return lesson.draft(
        g,
        "[herd|colony|village]_[history|record]",
        "size:few years:few",
        "list[int]" if mode == "list" else "int",
        f"{out} of a population that has the size @size now and {text}",
        f"sizes = [$size]\nfor _ in range($years):\n    $size = {step}\n    sizes.append($size)\nreturn {code}",
        tellings=(f"At present there are @size animals on an island. Their number {text}. Return {out.rstrip(',')}.",),
        plan="I collect the sizes year by year.",
    )


@lesson
def track_with_dice(g: Random) -> Draft:
    n = g.randint(10, 16)
    traps = sorted(g.sample(range(3, n - 1), 2))
    rule, code = g.choice(
        [
            (f"whoever would go beyond field {n} stays where he is", f"if place + roll <= {n}:\n    place += roll"),
            (
                f"whoever would go beyond field {n} goes back by as many fields as are too many",
                f"place += roll\nif place > {n}:\n    place = {2 * n} - place",
            ),
            (f"after field {n} comes field 0 again", f"place = (place + roll) % {n + 1}"),
        ]
    )
    trap, tcode = g.choice(
        [
            (
                f"the fields {traps[0]} and {traps[1]} send a token that ends its move there back to 0",
                f"if place in {tuple(traps)}:\n    place = 0",
            ),
            (
                f"a token that ends its move on field {traps[0]} jumps to field {traps[1]}",
                f"if place == {traps[0]}:\n    place = {traps[1]}",
            ),
            (
                f"a roll of 6 that brings the token to an even field moves it one more field ahead, if it is before field {n}",
                f"if roll == 6 and place % 2 == 0 and place < {n}:\n    place += 1",
            ),
        ]
    )
    body = (
        "place = 0\nfor roll in $rolls:\n"
        + "\n".join("    " + line for line in (code + "\n" + tcode).split("\n"))
        + "\nreturn place"
    )
    return lesson.draft(
        g,
        "[board_game|track|token]_[place|position|field]",
        "rolls:dice",
        "int",
        f"the field of a token that starts on field 0 and moves ahead by each of @rolls, where {rule}, and {trap}",
        body,
        tellings=(
            f"In a board game a track has the fields 0 to {n}. A token begins on field 0 and moves forward by the numbers in @rolls. Rules: {rule}; {trap}. Return the number of the field where the token stands after all rolls.",
        ),
        plan="I move the token roll by roll and apply the rules.",
    )


@lesson
def dice_statistics(g: Random) -> Draft:
    k = g.randint(2, 6)
    name, text, ret, b1, b2 = g.choice(
        [
            (
                "rolls_until_" + str(k),
                f"the number of rolls up to and including the first {k}, or -1 if no {k} was rolled",
                "int",
                f"return $rolls.index({k}) + 1 if {k} in $rolls else -1",
                f"for i, roll in enumerate($rolls, 1):\n    if roll == {k}:\n        return i\nreturn -1",
            ),
            (
                "never_rolled",
                "a list of the numbers from 1 to 6 that were never rolled, in ascending order",
                "list[int]",
                "return [face for face in range(1, 7) if face not in $rolls]",
                "return sorted(set(range(1, 7)) - set($rolls))",
            ),
            (
                "double_scores",
                "the sum of all rolls, where a roll equal to the roll directly before it counts double",
                "int",
                "total = 0\nbefore = None\nfor roll in $rolls:\n    total += 2 * roll if roll == before else roll\n    before = roll\nreturn total",
                "return sum($rolls) + sum(q for p, q in zip($rolls, $rolls[1:]) if p == q)",
            ),
            (
                "pig_score",
                "the score of one turn: the sum of the rolls, but 0 if a 1 is among them",
                "int",
                "return 0 if 1 in $rolls else sum($rolls)",
                "total = 0\nfor roll in $rolls:\n    if roll == 1:\n        return 0\n    total += roll\nreturn total",
            ),
            (
                "face_counts",
                "a dictionary that maps each number from 1 to 6 to how often it was rolled",
                "dict[int, int]",
                "return {face: $rolls.count(face) for face in range(1, 7)}",
                "result = dict.fromkeys(range(1, 7), 0)\nfor roll in $rolls:\n    result[roll] += 1\nreturn result",
            ),
            (
                "above_before",
                "how many rolls were higher than all rolls before them; the first roll counts",
                "int",
                "best = 0\ntotal = 0\nfor roll in $rolls:\n    if roll > best:\n        total += 1\n        best = roll\nreturn total",
                "return sum(1 for i, roll in enumerate($rolls) if all(roll > other for other in $rolls[:i]))",
            ),
            (
                "rolls_to_reach",
                f"how many rolls it takes until their sum is at least {3 * k}, or 0 if it never gets there",
                "int",
                f"total = 0\nfor i in range(len($rolls)):\n    total += $rolls[i]\n    if total >= {3 * k}:\n        return i + 1\nreturn 0",
                f"for i in range(1, len($rolls) + 1):\n    if sum($rolls[:i]) >= {3 * k}:\n        return i\nreturn 0",
            ),
            (
                "rounds_of_two",
                "a list of the sums of every two rolls in a row, taken in pairs from the beginning; a single roll left over at the end is ignored",
                "list[int]",
                "return [$rolls[i] + $rolls[i + 1] for i in range(0, len($rolls) - 1, 2)]",
                "sums = []\nfor p, q in zip($rolls[::2], $rolls[1::2]):\n    sums.append(p + q)\nreturn sums",
            ),
        ]
    )
    return lesson.draft(
        g,
        name,
        "rolls:dice",
        ret,
        text.replace("rolls", "rolls in @rolls", 1) if "rolls" in text else f"{text} in @rolls",
        b1,
        b2,
        tellings=(
            f"Somebody rolls a die several times and writes down the numbers in @rolls. Return {text}.",
            f"@rolls is a list of dice rolls (1 to 6) in the order in which they fell. [Find|Return] {text}.",
        ),
        plan="I go through the rolls in order.",
    )


@lesson
def dice_game_rules(g: Random) -> Draft:
    bonus, bad = g.choice([5, 10]), g.randint(1, 3)
    goal = g.randint(12, 20)
    name, text, body, ret = g.choice(
        [
            (
                "bank_game",
                f"the points banked: rolls are added to a pot, a {bad} empties the pot, and whenever the pot reaches {goal} or more it is banked and a new pot begins",
                f"banked = pot = 0\nfor roll in $rolls:\n    if roll == {bad}:\n        pot = 0\n        continue\n    pot += roll\n    if pot >= {goal}:\n        banked += pot\n        pot = 0\nreturn banked",
                "int",
            ),
            (
                "streak_bonus",
                f"the total of the rolls plus {bonus} points for every roll that is higher than the one before it for the second time in a row or more",
                f"total = sum($rolls)\nrising = 0\nfor p, q in zip($rolls, $rolls[1:]):\n    rising = rising + 1 if q > p else 0\n    if rising >= 2:\n        total += {bonus}\nreturn total",
                "int",
            ),
            (
                "lives_left",
                f"the number of lives left, if one starts with 3 lives, a {bad} costs a life, a 6 gives one back (never more than 3), and the game ends for good at 0 lives",
                f"lives = 3\nfor roll in $rolls:\n    if roll == {bad}:\n        lives -= 1\n    elif roll == 6:\n        lives = min(3, lives + 1)\n    if lives == 0:\n        break\nreturn lives",
                "int",
            ),
            (
                "two_players",
                "the winner, 'A', 'B' or 'draw': A and B take turns rolling, A begins, and the larger sum wins",
                "first, second = sum($rolls[::2]), sum($rolls[1::2])\nif first == second:\n    return 'draw'\nreturn 'A' if first > second else 'B'",
                "str",
            ),
            (
                "extra_turns",
                "a tuple with the sums of the players A and B: A begins, the turn passes to the other one after every roll except after a 6",
                "sums = [0, 0]\nplayer = 0\nfor roll in $rolls:\n    sums[player] += roll\n    if roll != 6:\n        player = 1 - player\nreturn (sums[0], sums[1])",
                "tuple[int, int]",
            ),
            (
                "six_to_start",
                "the distance moved: rolls only count after the first 6, and that 6 itself does not count",
                "moved = 0\nstarted = False\nfor roll in $rolls:\n    if started:\n        moved += roll\n    elif roll == 6:\n        started = True\nreturn moved",
                "int",
            ),
            (
                "climb_score",
                f"the score, where each roll is multiplied by its number in the sequence (1, 2, 3, ...) and counting starts again from 1 after a {bad}, which itself scores nothing",
                f"score = 0\nplace = 1\nfor roll in $rolls:\n    if roll == {bad}:\n        place = 1\n    else:\n        score += place * roll\n        place += 1\nreturn score",
                "int",
            ),
        ]
    )
    return lesson.draft(
        g,
        name,
        "rolls:dice",
        ret,
        text.replace(":", " for the dice rolls @rolls:", 1)
        if ":" in text
        else f"{text.split(',')[0]} for the dice rolls @rolls,{text.partition(',')[2]}"
        if "," in text
        else f"{text}, given the dice rolls @rolls",
        body,
        tellings=(f"A game is played with one die; @rolls holds the numbers rolled, in order. Return {text}.",),
        plan="I follow the rules roll by roll.",
    )


@lesson
def lock_guess(g: Random) -> Draft:
    name, text, ret, b1, b2 = g.choice(
        [
            (
                "exact_hits",
                "the number of positions at which the guess has the right letter",
                "int",
                "return sum(p == q for p, q in zip($code, $guess))",
                "hits = 0\nfor i in range(len($code)):\n    if $code[i] == $guess[i]:\n        hits += 1\nreturn hits",
            ),
            (
                "misplaced",
                "the number of letters of the guess that occur in the code but at another place, where each letter of the code can be used only once and exact hits are used up first",
                "int",
                "exact = sum(p == q for p, q in zip($code, $guess))\nshared = sum(min($code.count(c), $guess.count(c)) for c in set($guess))\nreturn shared - exact",
                "rest = [p for p, q in zip($code, $guess) if p != q]\nfound = 0\nfor p, q in zip($code, $guess):\n    if p != q and q in rest:\n        rest.remove(q)\n        found += 1\nreturn found",
            ),
            (
                "hint_marks",
                "a string with '+' for each position where the guess is right, '?' where its letter occurs elsewhere in the code, and '-' where it does not occur at all",
                "str",
                "return ''.join('+' if p == q else '?' if q in $code else '-' for p, q in zip($code, $guess))",
                "marks = ''\nfor i, c in enumerate($guess):\n    if $code[i] == c:\n        marks += '+'\n    elif c in $code:\n        marks += '?'\n    else:\n        marks += '-'\nreturn marks",
            ),
            (
                "turns_of_wheels",
                "the number of single steps that are needed to turn the guess into the code, if each place is a wheel with the letters A, B, C, D in a circle that can be turned both ways",
                "int",
                "total = 0\nfor p, q in zip($code, $guess):\n    d = abs(ord(p) - ord(q))\n    total += min(d, 4 - d)\nreturn total",
                "return sum(min((ord(p) - ord(q)) % 4, (ord(q) - ord(p)) % 4) for p, q in zip($code, $guess))",
            ),
            (
                "right_from_start",
                "how many letters at the beginning of the guess are right before the first wrong one",
                "int",
                "n = 0\nwhile n < 4 and $code[n] == $guess[n]:\n    n += 1\nreturn n",
                "for i in range(4):\n    if $code[i] != $guess[i]:\n        return i\nreturn 4",
            ),
        ]
    )
    return lesson.draft(
        g,
        name,
        "code:secret guess:secret",
        ret,
        text.replace("the guess", "@guess").replace("the code", "the code @code", 1)
        if "the code" in text
        else f"{text.replace('the guess', '@guess')}, where @code is the right code",
        b1,
        b2,
        tellings=(
            f"Compare a guess @guess with the secret @code, two strings of four letters from A to D. Return {text}.",
            f"The code of a lock has four letters from A to D. Somebody tries @guess, the right code is @code. Return {text}.",
        ),
        plan="I compare the two strings place by place.",
    )


@lesson
def hands_game(g: Random) -> Draft:
    beats = "{'rock': 'scissors', 'scissors': 'paper', 'paper': 'rock'}"
    out, code, ret = g.choice(
        [
            ("the number of rounds the first player wins", "first", "int"),
            ("a tuple with the rounds won by the first and by the second player", "(first, second)", "tuple[int, int]"),
            (
                "'first', 'second' or 'draw', depending on who wins more rounds",
                "'draw' if first == second else 'first' if first > second else 'second'",
                "str",
            ),
            ("the number of rounds the first player wins minus the number he loses", "first - second", "int"),
        ]
    )
    return lesson.draft(
        g,
        "[hand_game|rounds|duel]_[result|score]",
        "one:hands two:hands",
        ret,
        f"{out}, if two players show the hands @one and @two round by round, and rock beats scissors, scissors beats paper, paper beats rock",
        f"beats = {beats}\nfirst = sum(beats[p] == q for p, q in zip($one, $two))\nsecond = sum(beats[q] == p for p, q in zip($one, $two))\nreturn {code}",
        f"wins = [('rock', 'scissors'), ('scissors', 'paper'), ('paper', 'rock')]\nfirst = second = 0\nfor pair in zip($one, $two):\n    if pair in wins:\n        first += 1\n    elif pair[0] != pair[1]:\n        second += 1\nreturn {code}",
        tellings=(
            f"Two players play three rounds of rock, paper, scissors. @one holds the hands of the first player and @two those of the second. Rock beats scissors, scissors beats paper and paper beats rock; equal hands win nothing. Return {out}.",
        ),
        plan="A table says which hand beats which.",
    )


@lesson
def set_scoring(g: Random) -> Draft:
    need, lead = g.choice([(3, 1), (4, 2), (5, 2), (3, 2)])
    rule = f"who first has {need} points" + (f" and leads by at least {lead}" if lead > 1 else "")
    out, code_end, ret = g.choice(
        [
            ("the winner of the first game, 'A' or 'B', or 'open' if no game is finished", None, "str"),
            ("a tuple with the number of games won by A and by B", "(games['A'], games['B'])", "tuple[int, int]"),
            (
                "the score of the unfinished game at the end in the form 'A:B', such as '2:1'",
                "f\"{points['A']}:{points['B']}\"",
                "str",
            ),
        ]
    )
    other = "'B' if who == 'A' else 'A'"
    if code_end is None:
        body = f"points = {{'A': 0, 'B': 0}}\nfor who in $rallies:\n    points[who] += 1\n    if points[who] >= {need} and points[who] - points[{other}] >= {lead}:\n        return who\nreturn 'open'"
    else:
        body = (
            "points = {'A': 0, 'B': 0}\n"
            + ("games = {'A': 0, 'B': 0}\n" if "games" in code_end else "")
            + f"for who in $rallies:\n    points[who] += 1\n    if points[who] >= {need} and points[who] - points[{other}] >= {lead}:\n"
            + ("        games[who] += 1\n" if "games" in code_end else "")
            + f"        points = {{'A': 0, 'B': 0}}\nreturn {code_end}"
        )
    return lesson.draft(
        g,
        "[game_score|match_state|scoreboard]",
        "rallies:points",
        ret,
        f"{out}, where each letter of @rallies is the player who wins a point, a game is won by the player {rule}, and the next game then starts at zero",
        body,
        tellings=(
            f"Two players, A and B, play a ball game. @rallies tells who won each point, for example 'AABA'. A game goes to the player {rule}; then both start again from zero points. Return {out}.",
        ),
        plan="I count the points of the current game and check after each point whether it is over.",
    )


@lesson
def season_table(g: Random) -> Draft:
    w, d = g.choice([(3, 1), (2, 1)])
    name, text, ret, b1, b2 = g.choice(
        [
            (
                "season_points",
                f"the points of the team, {w} for a win and {d} for a draw",
                "int",
                f"return {w} * $season.count('W') + {d} * $season.count('D')",
                f"worth = {{'W': {w}, 'D': {d}, 'L': 0}}\nreturn sum(worth[c] for c in $season)",
            ),
            (
                "unbeaten_run",
                "the length of the longest series of matches without a defeat",
                "int",
                "return max(len(part) for part in $season.split('L'))",
                "best = run = 0\nfor c in $season:\n    run = 0 if c == 'L' else run + 1\n    best = max(best, run)\nreturn best",
            ),
            (
                "current_form",
                "the points from the last three matches (or from all, if there are fewer), "
                + f"{w} for a win and {d} for a draw",
                "int",
                f"last = $season[-3:]\nreturn {w} * last.count('W') + {d} * last.count('D')",
                f"total = 0\nfor c in $season[-3:]:\n    if c == 'W':\n        total += {w}\n    elif c == 'D':\n        total += {d}\nreturn total",
            ),
            (
                "comeback_count",
                "how often a win directly follows a defeat",
                "int",
                "return $season.count('LW')",
                "return sum(p == 'L' and q == 'W' for p, q in zip($season, $season[1:]))",
            ),
            (
                "points_course",
                f"a list of the points the team has after each match, {w} for a win and {d} for a draw",
                "list[int]",
                f"points = 0\ncourse = []\nfor c in $season:\n    points += {{'W': {w}, 'D': {d}}}.get(c, 0)\n    course.append(points)\nreturn course",
                f"return [{w} * $season[:i].count('W') + {d} * $season[:i].count('D') for i in range(1, len($season) + 1)]",
            ),
            (
                "morale",
                "the mood of the fans: it starts at 5, a win adds 2, a defeat takes 3 away, a draw changes nothing, and it always stays between 0 and 10",
                "int",
                "mood = 5\nfor c in $season:\n    if c == 'W':\n        mood = min(10, mood + 2)\n    elif c == 'L':\n        mood = max(0, mood - 3)\nreturn mood",
                "mood = 5\nfor c in $season:\n    mood += {'W': 2, 'D': 0, 'L': -3}[c]\n    mood = max(0, min(10, mood))\nreturn mood",
            ),
        ]
    )
    return lesson.draft(
        g,
        name,
        "season:results",
        ret,
        f"{text}, given its results @season ('W' win, 'D' draw, 'L' loss)"
        if "team" in text
        else f"{text}, given the results @season of a team ('W' win, 'D' draw, 'L' loss)",
        b1,
        b2,
        tellings=(
            f"You are given a string @season of W (win), D (draw) and L (loss), one letter per match from the first to the last. Your task is to return {text}.",
            f"The matches of a team are written as a string @season with W for a win, D for a draw and L for a defeat, in order. Return {text}.",
        ),
        plan="I read the results from left to right.",
    )


@lesson
def goal_list(g: Random) -> Draft:
    name, text, ret, b1, b2 = g.choice(
        [
            (
                "home_record",
                "a string of the letters W, D and L with the result of each match seen by the home team",
                "str",
                "return ''.join('W' if h > a else 'L' if h < a else 'D' for h, a in $matches)",
                "result = ''\nfor h, a in $matches:\n    if h == a:\n        result += 'D'\n    else:\n        result += 'W' if h > a else 'L'\nreturn result",
            ),
            (
                "goal_difference",
                "the goals of the home side minus those of the guests in all matches together",
                "int",
                "return sum(h - a for h, a in $matches)",
                "diff = 0\nfor h, a in $matches:\n    diff += h\n    diff -= a\nreturn diff",
            ),
            (
                "clear_wins",
                f"the number of matches that either side won by at least {(k := g.randint(2, 3))} goals",
                "int",
                f"return sum(abs(h - a) >= {k} for h, a in $matches)",
                f"n = 0\nfor h, a in $matches:\n    if h - a >= {k} or a - h >= {k}:\n        n += 1\nreturn n",
            ),
            (
                "best_match",
                "the match with the most goals in total as a tuple, the first one if there are several, or None without matches",
                "tuple[int, int] | None",
                "return max($matches, key=sum, default=None)",
                "best = None\nfor match in $matches:\n    if best is None or sum(match) > sum(best):\n        best = match\nreturn best",
            ),
            (
                "clean_sheets",
                "the number of matches in which at least one side scored no goal",
                "int",
                "return sum(0 in match for match in $matches)",
                "return len([1 for h, a in $matches if h == 0 or a == 0])",
            ),
            (
                "score_texts",
                "a list of strings such as '2:1' with the scores of the matches that were not draws",
                "list[str]",
                "return [f'{h}:{a}' for h, a in $matches if h != a]",
                "texts = []\nfor h, a in $matches:\n    if h != a:\n        texts.append(str(h) + ':' + str(a))\nreturn texts",
            ),
        ]
    )
    return lesson.draft(
        g,
        name,
        "matches:pair_int",
        ret,
        f"{text}, where @matches lists the goals (home, away) of each match",
        b1,
        b2,
        tellings=(
            f"Each pair in @matches has the goals of the home team and of the away team in one match. Return {text}.",
            f"A sports reporter has a list @matches of results as tuples (home goals, away goals) and wants to know {text}. Return it."
            if not text.startswith("a ")
            else f"A sports reporter has a list @matches of results as tuples (home goals, away goals). Give the reporter {text}.",
        ),
        plan="I go through the matches.",
    )


@lesson
def house_guests(g: Random) -> Draft:
    out, code, ret, extra = g.choice(
        [
            ("a sorted list of the people inside at the end", "sorted(inside)", "list[str]", ""),
            (
                "the largest number of people inside at the same time",
                "most",
                "int",
                "    most = max(most, len(inside))\n",
            ),
            (
                "the number of events that make no sense, which are those where somebody inside comes in or somebody outside goes out",
                "odd",
                "int",
                None,
            ),
            (
                "a sorted list of all people who were inside at some time",
                "sorted(ever)",
                "list[str]",
                "    ever |= inside\n",
            ),
        ]
    )
    init = {"most": "most = 0\n", "odd": "odd = 0\n", "sorted(ever)": "ever = set()\n"}.get(code, "")
    if extra is None:
        body = "inside = set()\nodd = 0\nfor name, event in $log:\n    if event == 'in':\n        if name in inside:\n            odd += 1\n        inside.add(name)\n    else:\n        if name not in inside:\n            odd += 1\n        inside.discard(name)\nreturn odd"
        loop = "inside, odd = set(), 0\nfor name, event in $log:\n    if (event == 'in') == (name in inside):\n        odd += 1\n    elif event == 'in':\n        inside.add(name)\n    else:\n        inside.remove(name)\nreturn odd"
    else:
        body = f"inside = set()\n{init}for name, event in $log:\n    if event == 'in':\n        inside.add(name)\n    else:\n        inside.discard(name)\n{extra}return {code}"
        loop = f"inside = set()\n{init}for name, event in $log:\n    if event == 'in':\n        inside = inside | {{name}}\n    elif name in inside:\n        inside = inside - {{name}}\n{extra}return {code}"
    return lesson.draft(
        g,
        "[house|museum|office]_log",
        "log:doors",
        ret,
        f"{out} according to @log, if nobody is inside at first, 'in' means that a person comes in and 'out' that the person leaves; [coming in twice or leaving without being inside changes nothing|superfluous events change nothing]",
        body,
        loop,
        tellings=(
            f"A door writes a log of pairs (name, 'in') and (name, 'out'). The house is empty at first. Somebody who is inside already cannot come in again, and somebody outside cannot leave; such entries change nothing. Read @log in order and return {out}.",
        ),
        plan="I keep a set of the people inside.",
    )


@lesson
def vote_count(g: Random) -> Draft:
    k = g.randint(2, 4)
    name, text, ret, b1, b2 = g.choice(
        [
            (
                "first_to_votes",
                f"the name that is the first to get {k} votes, or None if nobody does",
                "str | None",
                f"counts = {{}}\nfor name in $ballots:\n    counts[name] = counts.get(name, 0) + 1\n    if counts[name] == {k}:\n        return name\nreturn None",
                f"for i in range(1, len($ballots) + 1):\n    if $ballots[:i].count($ballots[i - 1]) == {k}:\n        return $ballots[i - 1]\nreturn None",
            ),
            (
                "leader_changes",
                "how often the lead changes hands, where the lead passes to a name only when it has strictly more votes than the present leader, and the first vote does not count as a change",
                "int",
                "counts = {}\nleader = None\nchanges = 0\nfor name in $ballots:\n    counts[name] = counts.get(name, 0) + 1\n    if leader is None:\n        leader = name\n    elif name != leader and counts[name] > counts[leader]:\n        leader = name\n        changes += 1\nreturn changes",
                "leaders = []\nfor i, name in enumerate($ballots):\n    so_far = $ballots[:i + 1]\n    if not leaders or so_far.count(name) > so_far.count(leaders[-1]):\n        if not leaders or leaders[-1] != name:\n            leaders.append(name)\nreturn max(0, len(leaders) - 1)",
            ),
            (
                "absolute_winner",
                "the name with more than half of all votes, or None if there is no such name",
                "str | None",
                "for name in sorted(set($ballots)):\n    if 2 * $ballots.count(name) > len($ballots):\n        return name\nreturn None",
                "counts = {}\nfor name in $ballots:\n    counts[name] = counts.get(name, 0) + 1\nwinners = [name for name, n in counts.items() if n > len($ballots) / 2]\nreturn winners[0] if winners else None",
            ),
            (
                "ranked_names",
                "a list of the names sorted by votes, most votes first, ties in alphabetical order",
                "list[str]",
                "return sorted(set($ballots), key=lambda name: (-$ballots.count(name), name))",
                "counts = {}\nfor name in $ballots:\n    counts[name] = counts.get(name, 0) + 1\nreturn [name for _, name in sorted((-n, name) for name, n in counts.items())]",
            ),
            (
                "vote_shares",
                "a dictionary that maps each name to its share of the votes in percent, rounded down, in alphabetical order of the names",
                "dict[str, int]",
                "return {name: 100 * $ballots.count(name) // len($ballots) for name in sorted(set($ballots))}",
                "result = {}\nfor name in sorted($ballots):\n    result[name] = $ballots.count(name) * 100 // len($ballots)\nreturn result",
            ),
        ]
    )
    return lesson.draft(
        g,
        name,
        "ballots:votes",
        ret,
        f"{text}, given the votes @ballots [in the order in which they are counted|in order]",
        b1,
        b2,
        tellings=(
            f"In an election each entry of @ballots is the name somebody voted for, in the order of counting. Return {text}.",
            f"The ballots @ballots are opened one by one. [Work out|Return] {text}.",
        ),
        plan="I count the votes per name.",
    )


@lesson
def counting_out(g: Random) -> Draft:
    k = g.randint(2, 4)
    out, code, ret = g.choice(
        [
            ("the name that is left", "circle[0]", "str"),
            ("a list of the names in the order in which they leave", "gone", "list[str]"),
            (
                "a sorted list of the last two names left (or all names, if there are fewer)",
                "sorted(circle)",
                "list[str]",
            ),
        ]
    )
    stop = 2 if "two" in out else 1 if code == "circle[0]" else 0
    keep = "    circle.pop(at)\n" if code != "gone" else "    gone.append(circle.pop(at))\n"
    cond = f"len(circle) > {stop}" if stop else "circle"
    head = "gone = []\n" if code == "gone" else ""
    return lesson.draft(
        g,
        "[counting_out|circle_game|last_standing]",
        "people:people",
        ret,
        f"{out} when @people stand in a circle and every {k}{ {2: 'nd', 3: 'rd'}.get(k, 'th') } one is counted out, beginning to count with the first, until {'all are gone' if not stop else 'one is left' if stop == 1 else 'two are left'}",
        f"circle = list($people)\n{head}at = 0\nwhile {cond}:\n    at = (at + {k - 1}) % len(circle)\n{keep}return {code}",
        f"circle = list($people)\n{head}while {cond}:\n    for _ in range({k - 1}):\n        circle.append(circle.pop(0))\n    {'gone.append(circle.pop(0))' if code == 'gone' else 'circle.pop(0)'}\nreturn {code}",
        tellings=(
            f"Children stand in a circle in the order @people. They count from 1 to {k}, starting with the first child; the child at {k} leaves, and the counting starts at 1 again with the next one, until {'nobody is left' if not stop else 'only one is left' if stop == 1 else 'at most two are left'}. Return {out}.",
        ),
        plan="I keep the circle as a list and walk around it with the remainder operator.",
    )


@lesson
def hot_potato_turns(g: Random) -> Draft:
    text, code, b2, ret = g.choice(
        [
            (
                "the name whose turn it is after @rounds turns, if the turn passes from one to the next in order and starts again at the beginning",
                "$people[$rounds % len($people)]",
                "line = list($people)\nfor _ in range($rounds):\n    line.append(line.pop(0))\nreturn line[0]",
                "str",
            ),
            (
                "the list of the names whose turn it is in the first @rounds rounds, one per round, going around again and again",
                "[$people[i % len($people)] for i in range($rounds)]",
                "result = []\ni = 0\nwhile len(result) < $rounds:\n    result.append($people[i])\n    i = (i + 1) % len($people)\nreturn result",
                "list[str]",
            ),
            (
                "the name whose turn it is after @rounds turns, if the turn goes forth and back: from the first to the last, then back to the first, and so on, the ends having one turn each time",
                "([*$people, *$people[-2:0:-1]])[$rounds % max(1, 2 * len($people) - 2)]",
                "i, way = 0, 1\nfor _ in range($rounds):\n    if not 0 <= i + way < len($people):\n        way = -way\n    if 0 <= i + way < len($people):\n        i += way\nreturn $people[i]",
                "str",
            ),
            (
                "a dictionary that tells how many of the first @rounds turns each name gets, going around in order",
                "{name: ($rounds - i + len($people) - 1) // len($people) for i, name in enumerate($people)}",
                "result = {name: 0 for name in $people}\nfor i in range($rounds):\n    result[$people[i % len($people)]] += 1\nreturn result",
                "dict[str, int]",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[whose_turn|turn_order|turns]",
        "people:people rounds:rounds",
        ret,
        f"{text}, where the first turn belongs to the first of @people",
        f"return {code}",
        b2,
        tellings=(
            f"The people in @people take turns at a game, the first one begins. Return {text}.",
            f"[Duty|Washing up] is shared by @people in a fixed order, beginning with the first name. [Find out|Return] {text}.",
        ),
        plan="The remainder of the number of turns gives the place in the list.",
    )


@lesson
def playlist(g: Random) -> Draft:
    wrap = g.random() < 0.5
    rule = (
        "going on after the last song leads to the first one, and back from the first to the last"
        if wrap
        else "at the ends of the list 'next' and 'back' do nothing"
    )
    fwd = "at = (at + 1) % len($songs)" if wrap else "at = min(at + 1, len($songs) - 1)"
    bwd = "at = (at - 1) % len($songs)" if wrap else "at = max(at - 1, 0)"
    lst = g.random() < 0.4
    out, ret, code = (
        ("a list of the songs heard, the first one and those after each command", "list[str]", "heard")
        if lst
        else ("the song that is selected at the end", "str", "$songs[at]")
    )
    init, upd = ("heard = [$songs[0]]\n", "    heard.append($songs[at])\n") if lst else ("", "")
    return lesson.draft(
        g,
        "[playlist|jukebox|player]_[song|songs]" if not lst else "[playlist|jukebox]_history",
        "songs:songs commands:player",
        ret,
        f"{out} when a player starts with the first of @songs and follows @commands, where 'first' and 'last' jump to the ends and {rule}",
        f"at = 0\n{init}for command in $commands:\n    if command == 'next':\n        {fwd}\n    elif command == 'back':\n        {bwd}\n    elif command == 'first':\n        at = 0\n    else:\n        at = len($songs) - 1\n{upd}return {code}",
        tellings=(
            f"Keep the position in the list @songs, at first 0. Each of @commands moves it: 'next' and 'back' by one, 'first' and 'last' to the ends; {rule}. Return {out}.",
            f"A music player has the songs @songs and begins with the first. The commands 'next', 'back', 'first' and 'last' change the selected song; {rule}. After the commands in @commands, return {out}.",
        ),
        plan="I keep the index of the current song.",
    )


@lesson
def tunnel_counter(g: Random) -> Draft:
    k = g.randint(2, 4)
    name, text, body, ret = g.choice(
        [
            (
                "most_inside",
                "the largest number of cars inside at any time",
                "inside = most = 0\nfor c in $signals:\n    if c == 'I':\n        inside += 1\n        most = max(most, inside)\n    elif inside > 0:\n        inside -= 1\nreturn most",
                "int",
            ),
            (
                "still_inside",
                "the number of cars inside at the end",
                "inside = 0\nfor c in $signals:\n    if c == 'I':\n        inside += 1\n    else:\n        inside = max(0, inside - 1)\nreturn inside",
                "int",
            ),
            (
                "turned_away",
                f"the number of cars that are turned away because {k} cars are inside already",
                f"inside = away = 0\nfor c in $signals:\n    if c == 'O':\n        inside = max(0, inside - 1)\n    elif inside == {k}:\n        away += 1\n    else:\n        inside += 1\nreturn away",
                "int",
            ),
            (
                "empty_moments",
                "the number of signals after which no car is inside",
                "inside = empty = 0\nfor c in $signals:\n    inside = inside + 1 if c == 'I' else max(0, inside - 1)\n    empty += inside == 0\nreturn empty",
                "int",
            ),
            (
                "first_full",
                f"the position (from 0) of the signal after which {k} cars are inside for the first time, or -1",
                f"inside = 0\nfor i, c in enumerate($signals):\n    inside = inside + 1 if c == 'I' else max(0, inside - 1)\n    if inside == {k}:\n        return i\nreturn -1",
                "int",
            ),
            (
                "broken_sensor",
                "True if there is a moment with more cars gone out than have come in",
                "balance = 0\nfor c in $signals:\n    balance += 1 if c == 'I' else -1\n    if balance < 0:\n        return True\nreturn False",
                "bool",
            ),
        ]
    )
    note = "" if name == "broken_sensor" else "; 'O' is ignored when the tunnel is empty"
    return lesson.draft(
        g,
        f"{name}_in_tunnel" if "inside" not in name else name,
        "signals:tunnel",
        ret,
        f"{text}, for a tunnel that is empty at first, where in @signals 'I' is a car going in and 'O' one coming out{note}"
        if ret != "bool"
        else "True if in some beginning part of @signals there are more 'O' (car leaves) than 'I' (car enters)",
        body,
        tellings=(
            f"A sensor at a tunnel writes 'I' whenever a car drives in and 'O' whenever one comes out{note}. The tunnel is empty at the beginning. For the signals @signals, return {text}.",
        ),
        plan="I keep the number of cars inside.",
    )


@lesson
def thermostat(g: Random) -> Draft:
    low = g.randint(16, 19)
    high = low + g.randint(2, 4)
    out, track, code, ret = g.choice(
        [
            ("the number of readings after which the heating is on", "total += heating", "total", "int"),
            (
                "a list of booleans that tells for each reading whether the heating is on after it",
                "states.append(heating)",
                "states",
                "list[bool]",
            ),
            ("how often the heating is switched on", None, "switched", "int"),
        ]
    )
    if track:
        body = f"heating = False\n{'total = 0' if code == 'total' else 'states = []'}\nfor t in $readings:\n    if t < {low}:\n        heating = True\n    elif t > {high}:\n        heating = False\n    {track}\nreturn {code}"
    else:
        body = f"heating = False\nswitched = 0\nfor t in $readings:\n    if t < {low} and not heating:\n        heating = True\n        switched += 1\n    elif t > {high}:\n        heating = False\nreturn switched"
    return lesson.draft(
        g,
        "[thermostat|heating]_[log|states]",
        "readings:temps",
        ret,
        f"{out}, if the heating is off at first, is switched on by a reading in @readings below {low} and off by one above {high}, and stays as it is otherwise",
        body,
        tellings=(
            f"Given temperature readings @readings, simulate a heating with two limits: a value below {low} turns it on, a value above {high} turns it off, any other value leaves it as it was. Initially it is off. Return {out}.",
            f"A thermostat looks at the temperatures @readings one after the other. Below {low} degrees it switches the heating on, above {high} degrees it switches it off; between these limits (both included) nothing changes. The heating is off in the beginning. Return {out}.",
        ),
        plan="I keep a flag that only changes outside the two limits.",
    )


@lesson
def shop_orders(g: Random) -> Draft:
    partial = g.random() < 0.5
    rule = (
        "if there are fewer in stock than ordered, all that is left is delivered"
        if partial
        else "an order that cannot be filled completely is refused"
    )
    out, code, ret = g.choice(
        [
            ("a dictionary with the stock after all orders", "left", "dict[str, int]"),
            ("the number of pieces delivered in total", "sold", "int"),
            (
                "a list of the goods of which nothing is left at the end, sorted",
                "sorted(item for item in left if left[item] == 0)",
                "list[str]",
            ),
        ]
    )
    sold = code == "sold"
    get = (
        "    amount = min(number, left.get(item, 0))\n"
        if partial
        else "    amount = number if number <= left.get(item, 0) else 0\n"
    )
    body = (
        "left = dict($stock)\n"
        + ("sold = 0\n" if sold else "")
        + "for item, number in $orders:\n"
        + get
        + "    if item in left:\n        left[item] -= amount\n"
        + ("        sold += amount\n" if sold else "")
        + f"return {code}"
    )
    loop = (
        "left = $stock.copy()\n"
        + ("sold = 0\n" if sold else "")
        + "for item, number in $orders:\n    if item not in left:\n        continue\n"
        + (
            "    if number > left[item]:\n        number = left[item]\n"
            if partial
            else "    if number > left[item]:\n        continue\n"
        )
        + "    left[item] -= number\n"
        + ("    sold += number\n" if sold else "")
        + f"return {code}"
    )
    return lesson.draft(
        g,
        "[shop|store|warehouse]_[after|orders]",
        "stock:stock orders:orders",
        ret,
        f"{out}, if the orders (goods, number) in @orders are served in order from @stock; {rule}, and goods that the shop does not have are ignored",
        body,
        loop,
        tellings=(
            f"Process @orders, pairs of a name and a number, one after the other against the stock @stock; {rule}. Unknown goods are skipped. Return {out}.",
            f"A shop has the goods @stock (name to number). Customers come with @orders, each a tuple of a name and a number; {rule}. Orders for goods not listed in the stock are ignored. Return {out}.",
        ),
        plan="I work on a copy of the stock and serve one order after the other.",
    )


@lesson
def little_adventure(g: Random) -> Draft:
    rooms = g.choice(
        [
            {
                "hall": {"north": "kitchen", "east": "garden"},
                "kitchen": {"south": "hall"},
                "garden": {"west": "hall", "north": "pond"},
                "pond": {"south": "garden"},
            },
            {
                "cave": {"east": "lake", "north": "cliff"},
                "lake": {"west": "cave", "north": "cliff"},
                "cliff": {"south": "cave"},
            },
            {
                "dock": {"north": "deck"},
                "deck": {"south": "dock", "east": "cabin", "west": "mast"},
                "cabin": {"west": "deck"},
                "mast": {"east": "deck"},
            },
        ]
    )
    start = next(iter(rooms))
    doors = "; ".join(
        f"{room}: {', '.join(f'{way} to {goal}' for way, goal in exits.items())}" for room, exits in rooms.items()
    )
    out, code, ret = g.choice(
        [
            ("the room where the player is at the end", "room", "str"),
            ("the number of times the player bumps into a wall", "bumps", "int"),
            ("a sorted list of all rooms seen, the first one included", "sorted(seen)", "list[str]"),
        ]
    )
    init = {"bumps": "bumps = 0\n", "sorted(seen)": "seen = {room}\n"}.get(code, "")
    if code == "bumps":
        loop = "    if way in doors[room]:\n        room = doors[room][way]\n    else:\n        bumps += 1\n"
    else:
        loop = "    room = doors[room].get(way, room)\n" + ("    seen.add(room)\n" if "seen" in code else "")
    return lesson.draft(
        g,
        "[adventure|tour|house_walk]",
        "ways:rooms",
        ret,
        f"{out}, if a player starts in the room '{start}', tries to go through the directions @ways, and stays in the room whenever there is no door; the doors are: {doors}",
        f"doors = {rooms}\nroom = '{start}'\n{init}for way in $ways:\n{loop}return {code}",
        tellings=(
            f"In a small text adventure these are the doors: {doors}. The player begins in '{start}' and types the directions in @ways. A direction without a door means bumping into a wall: the player stays. Return {out}.",
        ),
        plan="A dictionary of dictionaries holds the doors.",
    )


@lesson
def jumping_frog(g: Random) -> Draft:
    out, code, ret = g.choice(
        [
            ("the number of jumps until the frog leaves the list, or -1 if it never does", None, "int"),
            (
                "a list of the positions the frog visits, in order, until it leaves the list or comes to a position for the second time (which is not listed again)",
                "path",
                "list[int]",
            ),
            (
                "the sum of the numbers at the positions the frog visits, each position counted once, until it leaves the list or comes back to a visited position",
                "sum($jumps[i] for i in path)",
                "int",
            ),
        ]
    )
    if code is None:
        b: tuple[str, ...] = (
            "at = n = 0\nwhile 0 <= at < len($jumps):\n    if n > len($jumps):\n        return -1\n    at += $jumps[at]\n    n += 1\nreturn n",
            "at = 0\nvisited = set()\nwhile 0 <= at < len($jumps):\n    if at in visited:\n        return -1\n    visited.add(at)\n    at += $jumps[at]\nreturn len(visited)",
        )
    else:
        b = (
            f"path = []\nat = 0\nwhile 0 <= at < len($jumps) and at not in path:\n    path.append(at)\n    at += $jumps[at]\nreturn {code}",
        )
    return lesson.draft(
        g,
        "[frog|jump]_[path|trail|trip]",
        "jumps:jumps",
        ret,
        f"{out}, if it starts at index 0 of @jumps and always jumps by the number at its position, forwards for a positive and backwards for a negative number",
        *b,
        tellings=(
            f"Start with index 0. Repeat: add the number at the current index of @jumps to the index. A frog moves in this way until the index is outside of the list (a negative index is outside, too). Return {out}.",
            f"A frog sits on the first element of @jumps. The number under it says how far it jumps next: positive numbers to the right, negative ones to the left, and 0 means staying on the spot. Jumping beyond either end means leaving the list. Return {out}.",
        ),
        plan="I follow the jumps and remember the visited positions.",
    )


@lesson
def stack_calculator(g: Random) -> Draft:
    mode = g.choice(["postfix", "left"])
    if mode == "left":
        return lesson.draft(
            g,
            "[key_by_key|pocket]_calculator",
            "tokens:dice1",
            "list[int]",
            "a list of what a pocket calculator shows after each number in @tokens, where numbers at even positions are added and numbers at odd positions are multiplied into the running result, starting with 0",
            "shown = []\nresult = 0\nfor i, n in enumerate($tokens):\n    result = result + n if i % 2 == 0 else result * n\n    shown.append(result)\nreturn shown",
            "shown = [$tokens[0]]\nfor i in range(1, len($tokens)):\n    if i % 2:\n        shown.append(shown[-1] * $tokens[i])\n    else:\n        shown.append(shown[-1] + $tokens[i])\nreturn shown",
            tellings=(
                "A calculator shows 0. The numbers in @tokens are entered one after the other: the first, third, fifth ... number is added to the display, the second, fourth ... one multiplies it. Return the list of all displays, one after each number.",
            ),
            plan="I keep the running result.",
        )
    out, code, ret = g.choice(
        [
            ("the list of numbers that remain on the stack", "stack", "list[int]"),
            ("the number on top of the stack at the end", "stack[-1]", "int"),
            ("the largest size the stack ever had", "most", "int"),
        ]
    )
    init, upd = ("most = 0\n", "    most = max(most, len(stack))\n") if code == "most" else ("", "")
    return lesson.draft(
        g,
        "[stack|desk]_calculator",
        "tokens:calc",
        ret,
        f"{out} after @tokens, where a number is put on the stack, an operator '+', '-' or '*' replaces the two topmost numbers by the result (lower one first), and an operator is ignored while the stack has fewer than two numbers",
        f"stack = []\n{init}for token in $tokens:\n    if token not in ('+', '-', '*'):\n        stack.append(int(token))\n    elif len(stack) >= 2:\n        q = stack.pop()\n        p = stack.pop()\n        if token == '+':\n            stack.append(p + q)\n        elif token == '-':\n            stack.append(p - q)\n        else:\n            stack.append(p * q)\n{upd}return {code}",
        tellings=(
            f"A calculator works with a stack. It reads the strings in @tokens: a number goes on top of the stack; '+', '-' and '*' take the top number q and the number p below it away and put p + q, p - q or p * q there instead. If there are not two numbers, the operator does nothing. Return {out}.",
        ),
        plan="I use a list as a stack.",
    )


@lesson
def row_automaton(g: Random) -> Draft:
    text, code = g.choice(
        [
            ("becomes 1 if exactly one of its two neighbours is 1", "(p + q) % 2"),
            ("becomes 1 if it or its left neighbour is 1", "max(me, p)"),
            ("becomes 1 if both neighbours are equal, and 0 otherwise", "1 if p == q else 0"),
            (
                "becomes 1 if at least two of the three cells (itself and its neighbours) are 1",
                "1 if p + me + q >= 2 else 0",
            ),
            ("changes its value if its right neighbour is 1", "1 - me if q == 1 else me"),
        ]
    )
    edge, e = g.choice(
        [
            ("cells outside count as 0", "zero"),
            ("the row is a circle, so that the first and the last cell are neighbours", "ring"),
        ]
    )
    many = g.random() < 0.4
    sig = "cells:bitsrow steps:few" if many else "cells:bitsrow"
    if e == "zero":
        core = f"padded = [0, *row, 0]\nrow = [{code} for p, me, q in zip(padded, row, padded[2:])]"
    else:
        core = (
            f"n = len(row)\nrow = [(lambda p, me, q: {code})(row[i - 1], row[i], row[(i + 1) % n]) for i in range(n)]"
        )
    core2 = "following = []\nfor i, me in enumerate(row):\n    p = {}\n    q = {}\n    following.append({})\nrow = following".format(
        *(
            ("row[i - 1] if i > 0 else 0", "row[i + 1] if i + 1 < len(row) else 0")
            if e == "zero"
            else ("row[i - 1]", "row[(i + 1) % len(row)]")
        ),
        code,
    )
    wrap = (
        (
            lambda c: (
                "row = $cells\nfor _ in range($steps):\n"
                + "\n".join("    " + x for x in c.split("\n"))
                + "\nreturn row"
            )
        )
        if many
        else (lambda c: "row = $cells\n" + c + "\nreturn row")
    )
    return lesson.draft(
        g,
        "[row|line|cell]_[automaton|step|rule]",
        sig,
        "list[int]",
        f"the row of cells @cells after {'@steps steps' if many else 'one step'}, in which every cell at the same time {text}; {edge}",
        wrap(core2),
        *([] if e == "ring" else [wrap(core)]),
        tellings=(
            f"Apply this rule to the row @cells of zeros and ones {'@steps times' if many else 'once'}: every cell {text}, judged by the old row; {edge}. Return the new row.",
            f"@cells is a row of zeros and ones. In a step, each cell looks at its left and right neighbour and {text}. All cells change at once, and {edge}. Return the row after {'@steps such steps' if many else 'one such step'}.",
        ),
        plan="I build the new row from the old one.",
    )


@lesson
def card_game(g: Random) -> Draft:
    limit = g.choice([21, 17, 15])
    name, text, body, ret = g.choice(
        [
            (
                "draw_until",
                f"the sum of the cards drawn, if cards are drawn from the front until the sum is at least {limit - 4} or no card is left",
                f"total = 0\nfor card in $cards:\n    if total >= {limit - 4}:\n        break\n    total += card\nreturn total",
                "int",
            ),
            (
                "bust",
                f"how many cards can be taken from the front without the sum exceeding {limit}",
                f"total = 0\nfor i, card in enumerate($cards):\n    total += card\n    if total > {limit}:\n        return i\nreturn len($cards)",
                "int",
            ),
            (
                "soft_sum",
                f"the best sum not above {limit}, where each 1 may count as 1 or as 11; if even the smallest sum is above {limit}, the smallest sum",
                f"total = sum($cards)\nfor _ in range($cards.count(1)):\n    if total + 10 <= {limit}:\n        total += 10\nreturn total",
                "int",
            ),
            (
                "alternating_war",
                "the number of tricks won by the first player, if the cards are played in turn by two players, two cards make a trick, and the higher card wins it (equal cards win nothing, a single card at the end is not played)",
                "return sum(p > q for p, q in zip($cards[::2], $cards[1::2]))",
                "int",
            ),
            (
                "discard_pile",
                "the cards left in a row, if cards are laid down one by one and a card equal to the last one in the row removes that one together with itself",
                "row = []\nfor card in $cards:\n    if row and row[-1] == card:\n        row.pop()\n    else:\n        row.append(card)\nreturn row",
                "list[int]",
            ),
            (
                "patience_piles",
                "the number of piles, if every card is put on the leftmost pile whose top card is greater than or equal to it, or on a new pile to the right if there is none",
                "tops = []\nfor card in $cards:\n    for i, top in enumerate(tops):\n        if top >= card:\n            tops[i] = card\n            break\n    else:\n        tops.append(card)\nreturn len(tops)",
                "int",
            ),
            (
                "perfect_shuffle",
                "the deck after a shuffle that cuts it in the middle (the first part gets the extra card if the number is odd) and then takes cards from the first and the second part in turn",
                "half = (len($cards) + 1) // 2\nfirst, second = $cards[:half], $cards[half:]\nresult = []\nfor i in range(len($cards)):\n    result.append(first[i // 2] if i % 2 == 0 else second[i // 2])\nreturn result",
                "list[int]",
            ),
        ]
    )
    return lesson.draft(
        g,
        name,
        "cards:cards",
        ret,
        f"{text}, for the cards @cards in their order",
        body,
        tellings=(
            f"@cards is a deck of cards with values from 1 to 10, the first one on top. Return {text}.",
            f"A card game works with the list @cards, read from the front. [Determine|Return] {text}.",
        ),
        plan="I play the cards one after the other.",
    )


@lesson
def chat_statistics(g: Random) -> Draft:
    name, text, ret, b1, b2 = g.choice(
        [
            (
                "last_words",
                "a dictionary that maps each person to the last thing this person wrote, in the order in which the persons first appear",
                "dict[str, str]",
                "result = {}\nfor line in $log:\n    name, said = line.split(': ')\n    result[name] = said\nreturn result",
                "return dict(line.split(': ') for line in $log)",
            ),
            (
                "answers",
                "the number of lines written by another person than the line before",
                "int",
                "names = [line.split(':')[0] for line in $log]\nreturn sum(p != q for p, q in zip(names, names[1:]))",
                "n = 0\nbefore = None\nfor line in $log:\n    name = line[:line.index(':')]\n    if before is not None and name != before:\n        n += 1\n    before = name\nreturn n",
            ),
            (
                "talkers",
                "a sorted list of the names of those who wrote more than one line",
                "list[str]",
                "names = [line.split(':')[0] for line in $log]\nreturn sorted({name for name in names if names.count(name) > 1})",
                "counts = {}\nfor line in $log:\n    name = line.split(': ')[0]\n    counts[name] = counts.get(name, 0) + 1\nreturn sorted(name for name, n in counts.items() if n > 1)",
            ),
            (
                "letters_written",
                "a dictionary that maps each person to the total number of characters this person wrote, without names and colons",
                "dict[str, int]",
                "totals = {}\nfor line in $log:\n    name, said = line.split(': ')\n    totals[name] = totals.get(name, 0) + len(said)\nreturn totals",
                "totals = {}\nfor line in $log:\n    name, _, said = line.partition(': ')\n    if name not in totals:\n        totals[name] = 0\n    totals[name] += len(said)\nreturn totals",
            ),
            (
                "merged_lines",
                "the log with neighbouring lines of the same person merged into one, their texts joined by a space",
                "list[str]",
                "result = []\nlast = None\nfor line in $log:\n    name, said = line.split(': ')\n    if name == last:\n        result[-1] += ' ' + said\n    else:\n        result.append(line)\n    last = name\nreturn result",
                "result = []\nfor line in $log:\n    name, said = line.split(': ')\n    if result and result[-1].startswith(name + ':'):\n        result[-1] = result[-1] + ' ' + said\n    else:\n        result.append(line)\nreturn result",
            ),
        ]
    )
    return lesson.draft(
        g,
        name,
        "log:chatlog",
        ret,
        f"{text}, given the chat @log with lines of the form 'name: text'",
        b1,
        b2,
        tellings=(
            f"Each string in @log is a line of a chat such as 'Ann: hello'; the name ends at the colon, and the text follows after a space. Return {text}.",
        ),
        plan="I split each line at the colon.",
    )


@lesson
def cooldown(g: Random) -> Draft:
    k = g.randint(2, 8)
    name, text, body, ret = g.choice(
        [
            (
                "accepted_presses",
                f"a list of the accepted times, where a press is only accepted if at least {k} seconds have passed since the last accepted one",
                f"accepted = []\nfor t in $times:\n    if not accepted or t - accepted[-1] >= {k}:\n        accepted.append(t)\nreturn accepted",
                "list[int]",
            ),
            (
                "ignored_presses",
                f"the number of presses ignored, where a press is ignored if fewer than {k} seconds have passed since the last press that was not ignored",
                f"ignored = 0\nlast = None\nfor t in $times:\n    if last is not None and t - last < {k}:\n        ignored += 1\n    else:\n        last = t\nreturn ignored",
                "int",
            ),
            (
                "light_seconds",
                f"the number of seconds the light is on, where each press switches it on for the next {k} seconds, and a press while it is on makes these {k} seconds start anew",
                f"on = 0\nuntil = 0\nfor t in $times:\n    on += t + {k} - max(t, until)\n    until = t + {k}\nreturn on",
                "int",
            ),
            (
                "bursts",
                f"the number of bursts, where presses belong to one burst as long as each comes at most {k} seconds after the one before",
                f"total = 0\nlast = None\nfor t in $times:\n    if last is None or t - last > {k}:\n        total += 1\n    last = t\nreturn total",
                "int",
            ),
            (
                "longest_pause",
                "the longest pause between two presses in a row, or 0 if there are fewer than two presses",
                "longest = 0\nfor p, q in zip($times, $times[1:]):\n    longest = max(longest, q - p)\nreturn longest",
                "int",
            ),
            (
                "busiest_window",
                f"the largest number of presses within any {k} seconds, that is among times t, t + 1, ..., t + {k - 1}",
                f"best = 0\nfor i, t in enumerate($times):\n    n = sum(1 for other in $times[i:] if other < t + {k})\n    best = max(best, n)\nreturn best",
                "int",
            ),
        ]
    )
    return lesson.draft(
        g,
        name,
        "times:beats",
        ret,
        f"{text}, given the times @times of the presses of a button",
        body,
        tellings=(
            f"You get the list @times of the seconds at which a button was pressed, in ascending order. Your task is to return {text}.",
            f"A button is pressed at the times @times (in seconds, in ascending order). Return {text}.",
        ),
        plan="I compare each time with the last one that matters.",
    )


@lesson
def knockout(g: Random) -> Draft:
    out, code, ret = g.choice(
        [
            ("the strength of the winner", "field[0]", "int"),
            ("the number of rounds", "rounds", "int"),
            (
                "the list of the strengths of those left after two rounds (or fewer, if the winner is found before)",
                "field",
                "list[int]",
            ),
        ]
    )
    cond = "len(field) > 1" + (" and rounds < 2" if code == "field" else "")
    rule, win = g.choice(
        [
            ("the stronger one of each pair goes on", "max(field[i], field[i + 1])"),
            (
                "the winner of a pair goes on but loses as much strength as the loser had",
                "abs(field[i] - field[i + 1])",
            ),
            ("the weaker one of each pair goes on", "min(field[i], field[i + 1])"),
        ]
    )
    uses = "rounds" in code + cond
    return lesson.draft(
        g,
        "knockout_[result|rounds|cup]",
        "players:dice1",
        ret,
        f"{out} of a knockout tournament of players with the strengths @players, where in each round neighbours play (first against second, third against fourth, ...), {rule}, and a last player without partner goes on unchanged, until one is left",
        "field = list($players)\n"
        + ("rounds = 0\n" if uses else "")
        + f"while {cond}:\n    following = []\n    for i in range(0, len(field) - 1, 2):\n        following.append({win})\n    if len(field) % 2 == 1:\n        following.append(field[-1])\n    field = following\n"
        + ("    rounds += 1\n" if uses else "")
        + f"return {code}",
        tellings=(
            f"In a tournament the players have the strengths @players. Each round, the first plays the second, the third plays the fourth and so on; {rule}. If the number is odd, the last one gets a free pass with unchanged strength. Rounds are played until only one is left. Return {out}.",
        ),
        plan="Round by round I build the list of those who go on.",
    )


@lesson
def running_total_with_reset(g: Random) -> Draft:
    lim = g.randint(10, 25)
    cond, text = g.choice(
        [
            (f"total > {lim}", f"exceeds {lim}"),
            (f"total >= {lim}", f"reaches {lim} or more"),
            ("total % 5 == 0", "is divisible by 5"),
            ("total % 7 == 0", "is divisible by 7"),
        ]
    )
    reset, rtext = g.choice(
        [
            ("0", "is set back to 0"),
            ("total // 2", "is halved (rounded down)"),
            (f"total % {lim}", f"is replaced by its remainder modulo {lim}"),
        ]
    )
    out, init, upd, upd2, code, ret = g.choice(
        [
            ("the total at the end", "", "", "", "total", "int"),
            ("how often this happens", "resets = 0\n", "        resets += 1\n", "", "resets", "int"),
            (
                "a list of the totals after each number",
                "totals = []\n",
                "",
                "    totals.append(total)\n",
                "totals",
                "list[int]",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[sum|total]_with_[reset|limit]",
        "amounts:pos",
        ret,
        f"{out} when the numbers in @amounts are added to a total that starts at 0 and that {rtext} whenever it {text} after an addition",
        f"total = 0\n{init}for n in $amounts:\n    total += n\n    if {cond}:\n{upd}        total = {reset}\n{upd2}return {code}",
        tellings=(
            f"Start with a total of 0 and add the numbers of @amounts one by one. Each time the total {text} after an addition, it {rtext}. Return {out.replace('this happens', 'this happened')}.",
            f"A counter for goods begins at 0 and counts the packets @amounts. As soon as it {text}, it {rtext} before the next packet comes. [Your task is to return|Return] {out}.",
        ),
        plan="I add one number at a time and check the rule after each.",
    )


@lesson
def shelf_cache(g: Random) -> Draft:
    k = g.randint(2, 3)
    policy, ptext, hit = g.choice(
        [
            ("fifo", "the book that was put there first", ""),
            (
                "lru",
                "the book that has not been used for the longest time",
                "        desk.remove(book)\n        desk.append(book)\n",
            ),
        ]
    )
    out, code, ret = g.choice(
        [
            ("the number of times a book has to be fetched", "fetched", "int"),
            ("a list of the books on the desk at the end, sorted by name", "sorted(desk)", "list[str]"),
            ("the number of requests for a book that is on the desk already", "hits", "int"),
        ]
    )
    init = {"fetched": "fetched = 0\n", "hits": "hits = 0\n"}.get(code, "")
    hit = ("        hits += 1\n" if code == "hits" else "") + hit
    miss = "        fetched += 1\n" if code == "fetched" else ""
    main = (
        f"    if book in desk:\n{hit}    else:\n{miss}        if len(desk) == {k}:\n            desk.pop(0)\n        desk.append(book)\n"
        if hit
        else f"    if book not in desk:\n{miss}        if len(desk) == {k}:\n            desk.pop(0)\n        desk.append(book)\n"
    )
    return lesson.draft(
        g,
        f"desk_{policy}",
        "requests:votes",
        ret,
        f"{out} for the requests @requests, if a desk that is empty at first has room for {k} books, and before another book is put on a full desk, {ptext} goes back",
        f"desk = []\n{init}for book in $requests:\n{main}return {code}",
        tellings=(
            f"Simulate a desk for at most {k} books, empty at first. Each of @requests names the book needed next; a book that is not on the desk is fetched, and if the desk is full then, {ptext} must make room. Return {out}.",
            f"A reader has a small desk with room for {k} books. For each name in @requests, the reader needs that book. If it is not on the desk, it is fetched and put there; when the desk is full, {ptext} is taken back first. The desk is empty in the beginning. Return {out}.",
        ),
        plan="A list in the order of age or use tells which book goes.",
    )


@lesson
def moving_queue(g: Random) -> Draft:
    k = g.randint(2, 5)
    name, text, body, ret = g.choice(
        [
            (
                "ticket_minutes",
                f"the number of minutes until all are served, if one clerk needs as many minutes per person as the list says but the first {k} minutes of each person over {k} count double",
                f"return sum(n + {k} if n > {k} else n for n in $tasks)",
                "int",
            ),
            (
                "round_robin",
                f"a list of the positions (from 0) in the order in which the tasks are finished, if the tasks take turns: each gets up to {k} minutes and goes to the end of the line when it needs more",
                f"line = list(enumerate($tasks))\ndone = []\nwhile line:\n    i, left = line.pop(0)\n    if left <= {k}:\n        done.append(i)\n    else:\n        line.append((i, left - {k}))\nreturn done",
                "list[int]",
            ),
            (
                "waiting_times",
                "a list with the waiting time of each person, which is the sum of the times of all before",
                "waits = []\ntotal = 0\nfor n in $tasks:\n    waits.append(total)\n    total += n\nreturn waits",
                "list[int]",
            ),
            (
                "two_clerks",
                "the minute in which everything is finished, if two clerks work at the same time, each next task in the order of the list goes to the clerk who is free first, and the first clerk takes it if both are free",
                "ends = [0, 0]\nfor n in $tasks:\n    i = ends.index(min(ends))\n    ends[i] += n\nreturn max(ends)",
                "int",
            ),
            (
                "left_after",
                f"the list of the remaining times after {3 * k} minutes of work, done strictly in order, without the finished tasks",
                f"minutes = {3 * k}\nleft = []\nfor n in $tasks:\n    used = min(n, minutes)\n    minutes -= used\n    if n > used:\n        left.append(n - used)\nreturn left",
                "list[int]",
            ),
            (
                "impatient",
                f"the number of people who leave, if people are served in order and a person who would have to wait more than {3 * k} minutes leaves without being served",
                f"clock = gone = 0\nfor n in $tasks:\n    if clock > {3 * k}:\n        gone += 1\n    else:\n        clock += n\nreturn gone",
                "int",
            ),
        ]
    )
    return lesson.draft(
        g,
        name,
        "tasks:pos",
        ret,
        f"{text}, given the minutes @tasks needed one after the other"
        if name in ("ticket_minutes", "waiting_times", "impatient")
        else f"{text}, given the times @tasks in minutes",
        body,
        tellings=(
            f"The list @tasks holds the minutes that are needed for each waiting task or person, in the order of the line. Return {text}.",
        ),
        plan="I go along the line and keep the time.",
    )
