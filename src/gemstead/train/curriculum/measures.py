"""Measures: geometry, money, interest, taxes, units, grades, averages, statistics, temperatures, speeds."""

from __future__ import annotations

from random import Random

from gemstead.train.curriculum.draft import Draft
from gemstead.train.curriculum.lessons import Lessons


def _price(rng: Random) -> object:
    return rng.choice([rng.randint(1, 400) / 4, float(rng.randint(1, 200)), rng.randint(100, 9999) / 100])


def _floats(rng: Random) -> object:
    return [rng.randint(-20, 60) / rng.choice([1, 2, 4]) for _ in range(rng.randint(0, 6))]


def _floats1(rng: Random) -> object:
    return [rng.randint(-20, 60) / rng.choice([1, 2, 4]) for _ in range(rng.randint(1, 6))]


def _marks(rng: Random) -> object:
    return [rng.choice([rng.randint(0, 100), rng.randint(40, 95)]) for _ in range(rng.randint(0, 6))]


def _cart(rng: Random) -> object:
    return [
        (rng.choice(["pen", "cup", "bag", "ink", "tea", "map"]), rng.randint(1, 40) / 4, rng.randint(1, 5))
        for _ in range(rng.randint(0, 3))
    ]


def _readings(rng: Random) -> object:
    return [rng.choice([rng.randint(-10, 35), rng.randint(15, 25)]) / 1 for _ in range(rng.randint(1, 7))]


def _weighted(rng: Random) -> object:
    return [(rng.randint(1, 20) / 2, rng.randint(1, 4)) for _ in range(rng.randint(0, 5))]


def _gaps(rng: Random) -> object:
    return [None if rng.random() < 0.3 else rng.randint(-10, 60) / 2 for _ in range(rng.randint(0, 6))]


def _legs(rng: Random) -> object:
    return [(rng.randint(1, 12) * 5, rng.choice([0.5, 1.0, 1.5, 2.0, 0.25])) for _ in range(rng.randint(1, 4))]


def _account(rng: Random) -> object:
    return [rng.choice([1, -1, 1, -1, -1]) * rng.randint(1, 60) for _ in range(rng.randint(0, 7))]


def _rect(rng: Random) -> object:
    x, y = rng.randint(0, 6), rng.randint(0, 6)
    return (x, y, x + rng.randint(1, 6), y + rng.randint(1, 6))


lesson = Lessons(
    "measures",
    kinds={
        "price": ("float", "a price", _price),
        "amount": (
            "int",
            "a non-negative amount",
            lambda r: r.choice([r.randint(0, 60), r.randint(0, 500), r.randint(0, 3000)]),
        ),
        "side": ("int", "a positive length", lambda r: r.randint(1, 12)),
        "half": ("float", "a positive number", lambda r: r.randint(1, 40) / 2),
        "floats": ("list[float]", "a list of numbers", _floats),
        "floats1": ("list[float]", "a non-empty list of numbers", _floats1),
        "marks": ("list[int]", "a list of marks from 0 to 100", _marks),
        "mark": ("int", "a number of points from 0 to 100", lambda r: r.choice([r.randint(0, 100), r.randint(45, 95)])),
        "cart": ("list[tuple[str, float, int]]", "a list of tuples (name, price, quantity)", _cart),
        "temps": ("list[float]", "a non-empty list of temperatures", _readings),
        "temp": ("float", "a temperature", lambda r: r.randint(-40, 110) / 2),
        "weighted": ("list[tuple[float, int]]", "a list of tuples (value, weight)", _weighted),
        "gaps": ("list[float | None]", "a list of numbers with gaps, marked by None,", _gaps),
        "legs": ("list[tuple[int, float]]", "a list of tuples (speed in km/h, hours)", _legs),
        "account": ("list[int]", "a list of payments in (positive) and out (negative)", _account),
        "rect": ("tuple[int, int, int, int]", "a rectangle (x1, y1, x2, y2)", _rect),
        "minutes": ("int", "a number of minutes", lambda r: r.choice([r.randint(1, 60), r.randint(20, 400)])),
        "debt": ("int", "an amount owed", lambda r: r.choice([r.randint(0, 200), r.randint(0, 900)])),
        "turn": ("int", "an angle in degrees", lambda r: r.choice([r.randint(-400, 700), r.randint(0, 359)])),
        "fifty": ("int", "a speed limit in km/h", lambda r: r.choice([30, 50, 60, 80, 100])),
        "years": ("int", "a number of years", lambda r: r.randint(0, 6)),
        "qty": ("int", "a quantity", lambda r: r.choice([r.randint(1, 12), r.randint(1, 60), r.randint(1, 150)])),
        "speed": ("int", "a speed in km/h", lambda r: r.randint(5, 180)),
        "age": ("int", "an age in years", lambda r: r.randint(0, 90)),
        "flag": ("bool", "True or False", lambda r: r.random() < 0.5),
        "corner": (
            "int",
            "an angle in degrees",
            lambda r: r.choice([r.randint(1, 175), r.choice([30, 45, 60, 90, 120])]),
        ),
        "grades": (
            "dict[str, float]",
            "a dictionary from names to values",
            lambda r: {
                n: r.randint(2, 20) / 2 for n in r.sample(["Ada", "Ben", "Cleo", "Dan", "Eva"], r.randint(0, 4))
            },
        ),
        "dist": ("int", "a distance in metres", lambda r: r.choice([r.randint(0, 999), r.randint(0, 9000)])),
    },
)


@lesson
def discount_levels(g: Random) -> Draft:
    t1, t2 = sorted(g.sample([20, 50, 80, 100, 150, 200], 2))
    p1, p2 = sorted(g.sample([5, 10, 15, 20, 25, 30], 2))
    word, sign = g.choice([("at least", ">="), ("more than", ">")])
    saved = g.random() < 0.3
    res = "$price * rate / 100" if saved else "$price * (100 - rate) / 100"
    return lesson.draft(
        g,
        "[discounted|pay_with_discount|final_amount|reduced_price]"
        if not saved
        else "[saving|discount_amount|saved_money]",
        "price:price",
        "float",
        f"the {'amount saved on' if saved else 'amount to pay for'} a purchase of @price, rounded to two decimals, if there is a discount of {p2} percent for {word} {t2}, otherwise of {p1} percent for {word} {t1}, and none below that",
        f"if $price {sign} {t2}:\n    rate = {p2}\nelif $price {sign} {t1}:\n    rate = {p1}\nelse:\n    rate = 0\nreturn round({res}, 2)",
        f"rate = {p2} if $price {sign} {t2} else {p1} if $price {sign} {t1} else 0\nreturn round({res}, 2)",
        tellings=(
            f"Input: the value @price of a purchase. If it is {word} {t2}, the discount is {p2} percent; if it is {word} {t1}, it is {p1} percent; otherwise there is none. Output: {'the discount as an amount of money' if saved else 'the reduced price'}, rounded to two decimals.",
            f"A shop grants discounts on the whole purchase: {p1} percent if it costs {word} {t1}, and {p2} percent if it costs {word} {t2}. Smaller purchases get no discount. For a purchase of @price, return {'how much the customer saves' if saved else 'what the customer pays'}, rounded to two decimals.",
        ),
    )


@lesson
def bulk_price(g: Random) -> Draft:
    a, b = g.choice([(3, 2), (4, 3), (5, 4), (10, 8), (6, 5)])
    p = g.choice([2, 3, 5, 7])
    what, code, code2 = g.choice(
        [
            ("the total price", f"$qty // {a} * {b * p} + $qty % {a} * {p}", f"($qty - $qty // {a} * {a - b}) * {p}"),
            ("the number of pieces to be paid", f"$qty // {a} * {b} + $qty % {a}", f"$qty - $qty // {a} * {a - b}"),
            (
                "the amount saved compared to the normal price",
                f"$qty // {a} * {(a - b) * p}",
                f"$qty * {p} - ($qty // {a} * {b * p} + $qty % {a} * {p})",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[bulk_price|special_offer|take_more|offer_price]",
        "qty:qty",
        "int",
        f"{what} for @qty pieces at {p} each, if of every full {a} pieces only {b} must be paid",
        f"return {code}",
        f"return {code2}",
        tellings=(
            f"'Take {a}, pay for {b}!' says the sign in the shop. A single piece costs {p}. Somebody takes @qty pieces; the offer applies to each complete group of {a}. [Return|Return|Your task is to return|Write a function that returns|The function should return|You should return] {what}.",
            f"[Wanted|Result|Output|To be returned|What to return]: {what}. 'Take {a}, pay for {b}!' says the sign in the shop. A single piece costs {p}. Somebody takes @qty pieces; the offer applies to each complete group of {a}.",
        ),
    )


@lesson
def tax_brackets(g: Random) -> Draft:
    a = g.choice([10, 50, 100, 200])
    b = a * g.choice([3, 4, 5])
    r1, r2, r3 = sorted(g.sample([0, 10, 20, 30, 40, 50], 3))
    return lesson.draft(
        g,
        "[tax|income_tax|bracket_tax|tax_due]",
        "income:amount",
        "float",
        f"the tax on @income, rounded to two decimals: {r1} percent on the part up to {a}, {r2} percent on the part between {a} and {b}, and {r3} percent on everything above {b}",
        f"tax = 0\nfor low, high, rate in ((0, {a}, {r1}), ({a}, {b}, {r2}), ({b}, max({b}, $income), {r3})):\n    if $income > low:\n        tax += (min($income, high) - low) * rate\nreturn round(tax / 100, 2)",
        f"first = min($income, {a}) * {r1}\nsecond = max(0, min($income, {b}) - {a}) * {r2}\nthird = max(0, $income - {b}) * {r3}\nreturn round((first + second + third) / 100, 2)",
        tellings=(
            f"Taxes go up in steps. Up to {a} the rate is {r1} percent, from {a} to {b} it is {r2} percent, and beyond {b} it is {r3} percent; a higher rate never touches the lower parts of the income. Return the tax on @income with two decimals.",
            f"In a small country the first {a} coins of an income are taxed at {r1} percent, the coins above that up to {b} at {r2} percent, and all further coins at {r3} percent. Each rate applies only to its own part. Return the tax for @income, rounded to two decimals.",
        ),
        plan="I tax each part of the income at its own rate and add up.",
    )


@lesson
def tiered_usage(g: Random) -> Draft:
    thing, unit = g.choice(
        [
            ("water", "cubic metres"),
            ("data", "gigabytes"),
            ("calls", "minutes"),
            ("prints", "pages"),
            ("storage", "days"),
        ]
    )
    free = g.choice([5, 10, 20, 50])
    base, p = g.choice([0, 4, 10]), g.choice([1, 2, 3])
    top = g.choice([None, 100, 150])
    cap = f", but never more than {top}" if top else ""
    one = f"bill = {base} + max(0, $used - {free}) * {p}\nreturn " + (f"min(bill, {top})" if top else "bill")
    two = (
        f"bill = {base}\nif $used > {free}:\n    bill += ($used - {free}) * {p}\n"
        + (f"if bill > {top}:\n    bill = {top}\n" if top else "")
        + "return bill"
    )
    return lesson.draft(
        g,
        "[bill|monthly_bill|usage_cost|charge]",
        "used:qty",
        "int",
        f"the bill for @used {unit} of {thing}: {base if base else 'no'} basic fee, the first {free} {unit} free, and {p} for each further one{cap}".replace(
            f"{base} basic", f"a {base} coin basic"
        )
        if base
        else f"the bill for @used {unit}: the first {free} are free, and each further one costs {p}{cap}",
        one,
        two,
        tellings=(
            f"A contract for {thing} includes {free} {unit}. Every one beyond that costs {p}. "
            + (f"A basic fee of {base} is always charged. " if base else "")
            + (f"The whole bill is limited to {top}. " if top else "")
            + "Return the bill for @used.",
        ),
    )


@lesson
def parking_fee(g: Random) -> Draft:
    free, first, per, cap = g.choice([15, 20, 30]), g.choice([2, 3, 4]), g.choice([1, 2]), g.choice([10, 12, 15])
    return lesson.draft(
        g,
        "[parking_fee|parking|garage_price|ticket_price]",
        "minutes:minutes",
        "int",
        f"the fee for parking @minutes minutes: nothing up to {free} minutes, otherwise {first} for the first hour and {per} for every further hour begun, at most {cap}",
        f"if $minutes <= {free}:\n    return 0\nhours = -(-$minutes // 60)\nreturn min({cap}, {first} + (hours - 1) * {per})",
        f"if $minutes <= {free}:\n    return 0\nfee = {first}\n$minutes -= 60\nwhile $minutes > 0:\n    fee += {per}\n    $minutes -= 60\nreturn fee if fee < {cap} else {cap}",
        tellings=(
            f"Given the number of minutes a car was parked, @minutes, work out the fee. Rules: up to {free} minutes are free; otherwise {first} covers the first hour; every started hour after it adds {per}; the fee never exceeds {cap}.",
            f"A car park is free for stays of up to {free} minutes. Longer stays cost {first} for the first 60 minutes and {per} for each further hour, where an hour that has begun counts fully. Nobody pays more than {cap}. Return the fee for a stay of @minutes minutes.",
        ),
    )


@lesson
def ticket_age(g: Random) -> Draft:
    child, senior = g.choice([6, 12, 14, 16]), g.choice([60, 63, 65, 67])
    full = g.choice([10, 12, 20])
    pc, ps = full // 2, full - g.choice([2, 3, 4])
    extra = g.choice([1, 2, 3])
    return lesson.draft(
        g,
        "[ticket|entry_price|admission|ticket_cost]",
        "age:age weekend:flag",
        "int",
        f"the price of a ticket: {pc} for people younger than {child}, {ps} for people of {senior} years or more, {full} for all others, and {extra} more for everyone if @weekend is True (@age is the age)",
        f"if $age < {child}:\n    price = {pc}\nelif $age >= {senior}:\n    price = {ps}\nelse:\n    price = {full}\nreturn price + {extra} if $weekend else price",
        f"price = {pc} if $age < {child} else {ps} if $age >= {senior} else {full}\nif $weekend:\n    price += {extra}\nreturn price",
        tellings=(
            f"You are given an age @age and a boolean @weekend. The normal price is {full}. Under the age of {child} it is {pc} instead, from the age of {senior} on it is {ps}. If @weekend is true, add {extra} in every case. Return the price.",
            f"The pool charges {full} per person. Children under {child} pay {pc}, visitors aged {senior} or older pay {ps}. At the weekend every ticket costs {extra} more. Given the age @age and whether it is @weekend, return the price.",
        ),
    )


@lesson
def interest_years(g: Random) -> Draft:
    pct = g.choice([2, 3, 4, 5, 10])
    add = g.choice([0, 0, 10, 100])
    fee = g.choice([0, 0, 5])
    step = (
        f"$balance += $balance * {pct} / 100"
        + (f"\n    $balance += {add}" if add else "")
        + (f"\n    $balance -= {fee}" if fee else "")
    )
    rest = (f", after which {add} is paid in" if add else "") + (
        f"{' and' if add else ', after which'} a fee of {fee} is taken" if fee else ""
    )
    simple = g.random() < 0.3
    if simple:
        return lesson.draft(
            g,
            "[simple_interest|balance_after|without_compound]",
            "balance:amount years:years",
            "float",
            f"the balance after @years years if @balance earns {pct} percent simple interest per year (always on the initial amount), rounded to two decimals",
            f"return round($balance + $balance * {pct} * $years / 100, 2)",
            f"interest = 0\nfor _ in range($years):\n    interest += $balance * {pct}\nreturn round($balance + interest / 100, 2)",
            tellings=(
                f"@balance is lent for @years years. The interest of {pct} percent per year is always worked out from the amount lent, not from earlier interest. Return what must be paid back in all, rounded to two decimals.",
            ),
        )
    return lesson.draft(
        g,
        "[balance_after|savings|with_interest|grow_savings]",
        "balance:amount years:years",
        "float",
        f"the balance after @years years, rounded to two decimals at the end, if @balance gets {pct} percent interest at the end of every year{rest}",
        f"for _ in range($years):\n    {step}\nreturn round($balance, 2)",
        f"year = 0\nwhile year < $years:\n    {step}\n    year += 1\nreturn round($balance, 2)",
        tellings=(
            f"You put @balance into a savings account. At the end of each year the bank adds {pct} percent of the current balance{rest}. Return the balance after @years years, rounded to two decimals. [Do not round in between.|Only the final result is rounded.]",
        ),
    )


@lesson
def loan_months(g: Random) -> Draft:
    pct = g.choice([1, 2, 3])
    rate = g.choice([50, 60, 80, 100, 120])
    return lesson.draft(
        g,
        "[months_to_repay|repay|loan_months|payments_needed]",
        "debt:debt",
        "int",
        f"the number of monthly payments of at most {rate} needed to pay off @debt, if before each payment {pct} percent of the remaining debt, rounded down, is added as interest",
        f"months = 0\nwhile $debt > 0:\n    $debt += $debt * {pct} // 100\n    $debt -= {rate}\n    months += 1\nreturn months",
        f"if $debt <= 0:\n    return 0\nreturn 1 + SELF($debt + $debt * {pct} // 100 - {rate})",
        tellings=(
            f"Let @debt be a debt in whole coins. Repeat until it is paid: the debt grows by {pct} percent, rounded down, and then shrinks by {rate} (not below 0). Return how often this is repeated; without any debt it is 0 times.",
            f"Somebody owes @debt coins. Each month first {pct} percent of what is still owed (rounded down) is added, then {rate} coins are paid back, or less if less is owed. Return the number of payments until nothing is owed.",
        ),
    )


@lesson
def cart_total(g: Random) -> Draft:
    lim = g.choice([3, 5, 8])
    ship, freefrom = g.choice([(4, 30), (5, 50), (3, 20)])
    what, kind, one, two = g.choice(
        [
            (
                "the total price of @cart",
                "float",
                "return round(sum((price * qty for _, price, qty in $cart), 0.0), 2)",
                "total = 0.0\nfor item in $cart:\n    total += item[1] * item[2]\nreturn round(total, 2)",
            ),
            (
                f"the total price of @cart with shipping, which costs {ship} and is free from a goods value of {freefrom} on",
                "float",
                f"goods = sum((price * qty for _, price, qty in $cart), 0.0)\nreturn goods if goods >= {freefrom} else goods + {ship}",
                f"total = 0.0\nfor _, price, qty in $cart:\n    total += price * qty\nif total < {freefrom}:\n    total += {ship}\nreturn total",
            ),
            (
                "the name of the item of @cart with the highest price per piece, the first one if there are several, or an empty string if the cart is empty",
                "str",
                "if not $cart:\n    return ''\nreturn max($cart, key=lambda item: item[1])[0]",
                "best, name = 0, ''\nfor item, price, _ in $cart:\n    if price > best:\n        best, name = price, item\nreturn name",
            ),
            (
                f"the total number of pieces in @cart whose price per piece is less than {lim}",
                "int",
                f"return sum(qty for _, price, qty in $cart if price < {lim})",
                f"pieces = 0\nfor _, price, qty in $cart:\n    if price < {lim}:\n        pieces += qty\nreturn pieces",
            ),
            (
                "a dictionary that maps each name in @cart to the money spent on it in all",
                "dict[str, float]",
                "spent = {}\nfor name, price, qty in $cart:\n    spent[name] = spent.get(name, 0.0) + price * qty\nreturn spent",
                "result = {}\nfor name, price, qty in $cart:\n    if name not in result:\n        result[name] = 0.0\n    result[name] += price * qty\nreturn result",
            ),
            (
                f"the total price of @cart when of each item at most {lim - 1} pieces are delivered",
                "float",
                f"return sum((price * min(qty, {lim - 1}) for _, price, qty in $cart), 0.0)",
                f"total = 0.0\nfor _, price, qty in $cart:\n    if qty > {lim - 1}:\n        qty = {lim - 1}\n    total += price * qty\nreturn total",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[cart|basket|order_sum|cart_report]",
        "cart:cart",
        kind,
        what,
        one,
        two,
        tellings=(
            f"A shopping cart is a list of tuples (name, price, quantity), where the price is for one piece. [Return|Return|Your task is to return|Write a function that returns|The function should return|You should return] {what.replace('@cart', 'the cart @cart')}.",
            f"[Wanted|Result|Output|To be returned|What to return]: {what.replace('@cart', 'the cart @cart')}. A shopping cart is a list of tuples (name, price, quantity), where the price is for one piece.",
        ),
        plan="I go through the items of @cart.",
    )


@lesson
def price_text(g: Random) -> Draft:
    sym, after = g.choice([("$", False), ("EUR ", False), (" kr", True), ("£", False), (" Fr.", True)])
    comma = g.random() < 0.4
    body = "f'{$cents // 100}" + (",{" if comma else ".{") + "$cents % 100:02d}'"
    show = "12,05" if comma else "12.05"
    shown = show + sym if after else sym + show
    q = f"return {body} + '{sym}'" if after else f"return '{sym}' + {body}"
    return lesson.draft(
        g,
        "[price_text|show_price|format_price|price_label]",
        "cents:amount",
        "str",
        f"@cents cents as a price label, in the form '{shown}' for 1205 cents",
        q,
        "whole, rest = divmod($cents, 100)\nparts = [str(whole), str(rest).zfill(2)]\nreturn "
        + (
            f"'{',' if comma else '.'}'.join(parts) + '{sym}'"
            if after
            else f"'{sym}' + '{',' if comma else '.'}'.join(parts)"
        ),
        tellings=(
            f"Format a whole number of cents @cents as a price: 5 cents give '{shown.replace('12', '0', 1)}', 1205 cents give '{shown}'.",
            f"Prices are stored as whole cents. Turn @cents into the text for a price tag, with two digits for the cents: 1205 becomes '{shown}', 7 becomes '{shown.replace('12', '0', 1).replace('05', '07')}'.",
        ),
    )


@lesson
def share_bill(g: Random) -> Draft:
    tip = g.choice([0, 5, 10, 20])
    what, kind, one, two = g.choice(
        [
            (
                "a list with the share of each person, in whole cents, such that the shares differ by at most 1 and the larger ones come first",
                "list[int]",
                "share, rest = divmod(total, $people)\nreturn [share + 1] * rest + [share] * ($people - rest)",
                "return [total // $people + (i < total % $people) for i in range($people)]",
            ),
            (
                "what each person pays if all pay the same whole number of cents and the sum just covers everything",
                "int",
                "return -(-total // $people)",
                "share = total // $people\nif share * $people < total:\n    share += 1\nreturn share",
            ),
            (
                "how many cents too much are collected when everyone pays the same whole number of cents, just enough to cover everything",
                "int",
                "return -total % $people",
                "rest = total % $people\nreturn $people - rest if rest else 0",
            ),
        ]
    )
    head = f"total = $bill + $bill * {tip} // 100\n" if tip else "total = $bill\n"
    if not tip:
        head, one, two = "", one.replace("total", "$bill"), two.replace("total", "$bill")
    extra = f" plus a tip of {tip} percent of it, rounded down to whole cents," if tip else ""
    return lesson.draft(
        g,
        "[share_bill|split_bill|per_person|divide_costs]",
        "bill:amount people:small",
        kind,
        f"{what}, when @people people share a bill of @bill cents{extra.rstrip(',')}",
        head + one,
        head + two,
        tellings=(
            f"@people friends were in a restaurant. The bill is @bill cents{extra} and is shared as evenly as possible. [Return|Return|Your task is to return|Write a function that returns|The function should return|You should return] {what}.",
            f"[Wanted|Result|Output|To be returned|What to return]: {what}. @people friends were in a restaurant. The bill is @bill cents{extra} and is shared as evenly as possible.",
        ),
    )


@lesson
def account_story(g: Random) -> Draft:
    start = g.choice([0, 20, 50, 100])
    low = g.choice([0, 0, -20])
    what, kind, one, two = g.choice(
        [
            (
                f"the lowest balance that occurs, the starting balance of {start} included",
                "int",
                f"balance = lowest = {start}\nfor p in $payments:\n    balance += p\n    lowest = min(lowest, balance)\nreturn lowest",
                f"return min(itertools.accumulate($payments, initial={start}))",
            ),
            (
                f"the balance at the end, starting from {start}, if a payment out is refused (skipped) whenever it would bring the balance below {low}",
                "int",
                f"balance = {start}\nfor p in $payments:\n    if balance + p >= {low} or p > 0:\n        balance += p\nreturn balance",
                f"balance = {start}\nfor p in $payments:\n    if p < 0 and balance + p < {low}:\n        continue\n    balance += p\nreturn balance",
            ),
            (
                f"how many payments are refused when the account starts with {start} and a payment out is refused if it would bring the balance below {low}",
                "int",
                f"balance, refused = {start}, 0\nfor p in $payments:\n    if p < 0 and balance + p < {low}:\n        refused += 1\n    else:\n        balance += p\nreturn refused",
                None,
            ),
            (
                f"the number of the first payment, counted from 1, after which a balance that starts at {start} is below {low}, or 0 if this never happens",
                "int",
                f"balance = {start}\nfor i, p in enumerate($payments, 1):\n    balance += p\n    if balance < {low}:\n        return i\nreturn 0",
                f"for i in range(len($payments)):\n    if {start} + sum($payments[:i + 1]) < {low}:\n        return i + 1\nreturn 0",
            ),
            (
                f"the balance at the end, starting from {start}, if every payment out costs an extra fee of 1",
                "int",
                f"return {start} + sum(p - 1 if p < 0 else p for p in $payments)",
                f"balance = {start}\nfor p in $payments:\n    balance += p\n    if p < 0:\n        balance -= 1\nreturn balance",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[account|bank_balance|ledger|run_account]",
        "payments:account",
        kind,
        f"{what}, for the payments in @payments, taken in order",
        *(b for b in (one, two) if b),
        imports=("import itertools",),
        tellings=(
            f"A bank account is described by @payments, a list of integers: positive ones are paid in, negative ones are paid out, in the given order. [Return|Return|Your task is to return|Write a function that returns|The function should return|You should return] {what}.",
            f"[Wanted|Result|Output|To be returned|What to return]: {what}. A bank account is described by @payments, a list of integers: positive ones are paid in, negative ones are paid out, in the given order.",
        ),
    )


@lesson
def budget_buy(g: Random) -> Draft:
    what, kind, one, two = g.choice(
        [
            (
                "how many of the things with the given @prices can be bought with @budget if the cheapest are bought first",
                "int",
                "bought = 0\nfor p in sorted($prices):\n    if p > $budget:\n        break\n    $budget -= p\n    bought += 1\nreturn bought",
                "ordered = sorted($prices)\nreturn sum(sum(ordered[:i + 1]) <= $budget for i in range(len(ordered)))",
            ),
            (
                "the money left of @budget when one goes through @prices in order and buys everything that can still be paid",
                "int",
                "for p in $prices:\n    if p <= $budget:\n        $budget -= p\nreturn $budget",
                "spent = 0\nfor p in $prices:\n    if spent + p <= $budget:\n        spent += p\nreturn $budget - spent",
            ),
            (
                "a list of the prices paid when one goes through @prices from the most expensive to the cheapest and buys whatever @budget still allows",
                "list[int]",
                "bought = []\nfor p in sorted($prices, reverse=True):\n    if p <= $budget:\n        bought.append(p)\n        $budget -= p\nreturn bought",
                None,
            ),
            (
                "the most that can be spent on exactly two different things with the given @prices without exceeding @budget, or 0 if that is impossible",
                "int",
                "best = 0\nfor i, p in enumerate($prices):\n    for q in $prices[i + 1:]:\n        if p + q <= $budget:\n            best = max(best, p + q)\nreturn best",
                "return max((p + q for p, q in itertools.combinations($prices, 2) if p + q <= $budget), default=0)",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[shopping|buy|spend_budget|with_budget]",
        "prices:P budget:qty",
        kind,
        what,
        *(b for b in (one, two) if b),
        imports=("import itertools",),
        tellings=(
            f"You have @budget coins, and the things in a shop window cost what the list @prices says, one price per thing. [Return|Return|Your task is to return|Write a function that returns|The function should return|You should return] {what}.",
            f"[Wanted|Result|Output|To be returned|What to return]: {what}. You have @budget coins, and the things in a shop window cost what the list @prices says, one price per thing.",
        ),
    )


@lesson
def stock_prices(g: Random) -> Draft:
    pct = g.choice([5, 10, 20])
    what, kind, one, two = g.choice(
        [
            (
                "a list of the changes of @values from each element to the next, in percent, rounded to one decimal",
                "list[float]",
                "return [round((b - a) * 100 / a, 1) for a, b in zip($values, $values[1:])]",
                "changes = []\nfor i in range(1, len($values)):\n    a, b = $values[i - 1], $values[i]\n    changes.append(round((b - a) * 100 / a, 1))\nreturn changes",
            ),
            (
                f"how often a value in @values is at least {pct} percent higher than the one before it",
                "int",
                f"return sum((b - a) * 100 >= {pct} * a for a, b in zip($values, $values[1:]))",
                f"jumps = 0\nfor i in range(1, len($values)):\n    if $values[i] * 100 >= $values[i - 1] * {100 + pct}:\n        jumps += 1\nreturn jumps",
            ),
            (
                "the largest drop from one element of @values to the next, or 0 if it never drops",
                "int",
                "return max((a - b for a, b in zip($values, $values[1:]) if b < a), default=0)",
                "worst = 0\nfor i in range(len($values) - 1):\n    worst = max(worst, $values[i] - $values[i + 1])\nreturn worst",
            ),
            (
                "the longest number of neighbouring steps in which @values falls each time",
                "int",
                "best = current = 0\nfor a, b in zip($values, $values[1:]):\n    current = current + 1 if b < a else 0\n    best = max(best, current)\nreturn best",
                None,
            ),
            (
                "how many elements of @values are higher than all elements before them (the first one counts)",
                "int",
                "highest, records = 0, 0\nfor v in $values:\n    if v > highest:\n        records += 1\n        highest = v\nreturn records",
                "return sum(all(w < v for w in $values[:i]) for i, v in enumerate($values))",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[course|price_changes|daily_values|price_history]",
        "values:P",
        kind,
        what,
        *(b for b in (one, two) if b),
        tellings=(
            f"The list @values holds the price of a share, a positive integer, day after day. [Return|Return|Your task is to return|Write a function that returns|The function should return|You should return] {what}.",
            f"[Wanted|Result|Output|To be returned|What to return]: {what}. The list @values holds the price of a share, a positive integer, day after day.",
        ),
    )


@lesson
def unit_chain(g: Random) -> Draft:
    names, sizes = g.choice(
        [
            (("sack", "box", "piece"), (6, 12)),
            (("mile", "lap", "step"), (8, 50)),
            (("crate", "row", "egg"), (5, 6)),
            (("pallet", "carton", "jar"), (10, 24)),
            (("gold", "silver", "copper"), (20, 12)),
        ]
    )
    big, mid = sizes[0] * sizes[1], sizes[1]
    p = f"one {names[0]} is {sizes[0]} {names[1]} units, and one {names[1]} is {sizes[1]} {names[2]} units"
    what, kind, sig, one, two = g.choice(
        [
            (
                f"@n {names[2]} units as a tuple ({names[0]}, {names[1]}, {names[2]}), using as many large units as possible",
                "tuple[int, int, int]",
                "n:amount",
                f"large, rest = divmod($n, {big})\nmiddle, small = divmod(rest, {mid})\nreturn (large, middle, small)",
                f"return ($n // {big}, $n % {big} // {mid}, $n % {mid})",
            ),
            (
                f"the number of {names[2]} units in @p {names[0]}, @q {names[1]} and @r {names[2]} units together",
                "int",
                "p:small q:small r:nat",
                f"return $p * {big} + $q * {mid} + $r",
                f"total = $p * {sizes[0]} + $q\nreturn total * {mid} + $r",
            ),
            (
                f"the smallest number of whole {names[0]} units that hold @n {names[2]} units",
                "int",
                "n:amount",
                f"return -(-$n // {big})",
                f"return ($n + {big - 1}) // {big}",
            ),
            (
                f"@n {names[2]} units as a text like '2 {names[0]}, 0 {names[1]}, 3 {names[2]}', with all three units",
                "str",
                "n:amount",
                f"large, rest = divmod($n, {big})\nreturn f'{{large}} {names[0]}, {{rest // {mid}}} {names[1]}, {{rest % {mid}}} {names[2]}'",
                None,
            ),
        ]
    )
    return lesson.draft(
        g,
        "[units|convert_units|in_units|unit_parts]",
        sig,
        kind,
        f"{what}, where {p}",
        *(b for b in (one, two) if b),
        tellings=(
            f"In an old system of units, {p}. [Return|Return|Your task is to return|Write a function that returns|The function should return|You should return] {what}.",
            f"[Wanted|Result|Output|To be returned|What to return]: {what}. In an old system of units, {p}.",
        ),
    )


@lesson
def length_text(g: Random) -> Draft:
    limit = g.choice([1000, 2000])
    d = g.choice([1, 2])
    return lesson.draft(
        g,
        "[distance_label|readable_distance|show_distance|distance_text]",
        "metres:dist",
        "str",
        f"@metres as a label: in metres as in '350 m' if it is less than {limit}, and otherwise in kilometres with {d} decimal{'s' if d > 1 else ''} as in '{format(4.2, f'.{d}f')} km'",
        f"if $metres < {limit}:\n    return f'{{$metres}} m'\nreturn f'{{$metres / 1000:.{d}f}} km'",
        f"if $metres >= {limit}:\n    return format($metres / 1000, '.{d}f') + ' km'\nreturn str($metres) + ' m'",
        tellings=(
            f"If @metres is below {limit}, return it followed by ' m'. Otherwise return the distance in kilometres, formatted with exactly {d} decimal{'s' if d > 1 else ''}, followed by ' km'.",
            f"A hiking app shows distances. Below {limit} metres it shows whole metres ('350 m'). From {limit} metres on it shows kilometres with exactly {d} digit{'s' if d > 1 else ''} behind the point ('{format(4.2, f'.{d}f')} km'). Return the text for @metres.",
        ),
    )


@lesson
def temperature_tasks(g: Random) -> Draft:
    k = g.choice([5, 18, 20, 25])
    what, kind, one, two = g.choice(
        [
            (
                "a list of @temps converted from Celsius to Fahrenheit (times 9, divided by 5, plus 32), rounded to one decimal",
                "list[float]",
                "return [round(t * 9 / 5 + 32, 1) for t in $temps]",
                "result = []\nfor t in $temps:\n    result.append(round(t * 9 / 5 + 32, 1))\nreturn result",
            ),
            (
                f"how many degrees in all the elements of @temps lie below {k}; elements of {k} or more add nothing",
                "float",
                f"return sum((max(0.0, {k} - t) for t in $temps), 0.0)",
                f"total = 0.0\nfor t in $temps:\n    if t < {k}:\n        total += {k} - t\nreturn total",
            ),
            (
                "the index of the first element of @temps that is colder than the one before it, or -1 if there is none",
                "int",
                "for i in range(1, len($temps)):\n    if $temps[i] < $temps[i - 1]:\n        return i\nreturn -1",
                "return next((i for i in range(1, len($temps)) if $temps[i] < $temps[i - 1]), -1)",
            ),
            (
                f"the longest number of days in a row on which @temps is at least {k}",
                "int",
                f"best = run = 0\nfor t in $temps:\n    run = run + 1 if t >= {k} else 0\n    best = max(best, run)\nreturn best",
                None,
            ),
            (
                "a list that tells for each element of @temps how many positions later a warmer one comes, with 0 if none comes",
                "list[int]",
                "waits = []\nfor i, t in enumerate($temps):\n    wait = 0\n    for j in range(i + 1, len($temps)):\n        if $temps[j] > t:\n            wait = j - i\n            break\n    waits.append(wait)\nreturn waits",
                "waits = [0] * len($temps)\nstack = []\nfor i, t in enumerate($temps):\n    while stack and $temps[stack[-1]] < t:\n        j = stack.pop()\n        waits[j] = i - j\n    stack.append(i)\nreturn waits",
            ),
            (
                "the largest change, up or down, between neighbouring elements of @temps, or 0.0 if there is only one",
                "float",
                "return max((abs(b - a) for a, b in zip($temps, $temps[1:])), default=0.0)",
                "most = 0.0\nfor i in range(1, len($temps)):\n    most = max(most, abs($temps[i] - $temps[i - 1]))\nreturn most",
            ),
            (
                "the average of the elements of @temps that are above freezing (greater than 0), rounded to one decimal, or None if there are none",
                "float | None",
                "warm = [t for t in $temps if t > 0]\nif not warm:\n    return None\nreturn round(sum(warm) / len(warm), 1)",
                "total, days = 0.0, 0\nfor t in $temps:\n    if t > 0:\n        total += t\n        days += 1\nreturn round(total / days, 1) if days else None",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[temperatures|weather|weather_report|daily_temps]",
        "temps:temps",
        kind,
        what,
        *(b for b in (one, two) if b),
        tellings=(
            f"A weather station has written down one temperature per day in the list @temps, in degrees Celsius. [Return|Return|Your task is to return|Write a function that returns|The function should return|You should return] {what}.",
            f"[Wanted|Result|Output|To be returned|What to return]: {what}. A weather station has written down one temperature per day in the list @temps, in degrees Celsius.",
        ),
    )


@lesson
def own_scale(g: Random) -> Draft:
    a, b = g.choice([(2, 10), (3, -5), (4, 20), (1.5, 8), (2.5, 0)])
    back = g.random() < 0.5
    off = f"+ {b}" if b >= 0 else f"- {-b}"
    if back:
        said, one = (
            f"@t degrees of the made-up scale in degrees Celsius, rounded to one decimal, where degrees on the scale are {a} times the degrees Celsius {'plus ' + str(b) if b >= 0 else 'minus ' + str(-b)}",
            f"return round(($t {'- ' + str(b) if b >= 0 else '+ ' + str(-b)}) / {a}, 1)",
        )
    else:
        said, one = (
            f"@t degrees Celsius on a made-up scale, rounded to one decimal: multiply by {a} and {'add ' + str(b) if b >= 0 else 'subtract ' + str(-b)}",
            f"return round($t * {a} {off}, 1)",
        )
    return lesson.draft(
        g,
        "[to_scale|convert_temperature|scale_degrees|other_scale]",
        "t:temp",
        "float",
        said,
        one,
        one.replace("return ", "result = ") + "\nreturn result",
        tellings=(
            f"An inventor has built a thermometer of his own. On it, water freezes at {b} degrees, and each degree Celsius more adds {a} degrees. {'Convert his reading @t to Celsius' if back else 'Return what it shows at @t degrees Celsius'}, rounded to one decimal.",
        ),
    )


@lesson
def grade_letter(g: Random) -> Draft:
    cuts = sorted(g.sample(range(50, 95, 5), 3), reverse=True)
    letters = g.choice(
        [
            ("A", "B", "C", "D"),
            ("excellent", "good", "fair", "fail"),
            ("gold", "silver", "bronze", "none"),
            ("1", "2", "3", "4"),
        ]
    )
    plus = g.random() < 0.4
    table = ", ".join(f"({c}, '{x}')" for c, x in zip(cuts, letters, strict=False))
    named = ", ".join(f"'{x}' from {c} points on" for c, x in zip(cuts, letters, strict=False))
    ps = f"; a '+' is appended if the points are divisible by 10 and the grade is not '{letters[3]}'" if plus else ""
    one = (
        f"for low, grade in ({table}):\n    if $points >= low:\n        return grade"
        + (" + '+' if $points % 10 == 0 else grade" if plus else "")
        + f"\nreturn '{letters[3]}'"
    )
    two = (
        f"if $points >= {cuts[0]}:\n    grade = '{letters[0]}'\nelif $points >= {cuts[1]}:\n    grade = '{letters[1]}'\nelif $points >= {cuts[2]}:\n    grade = '{letters[2]}'\nelse:\n    return '{letters[3]}'\n"
        + ("if $points % 10 == 0:\n    grade += '+'\n" if plus else "")
        + "return grade"
    )
    return lesson.draft(
        g,
        "[grade|award|rating|result_word]",
        "points:mark",
        "str",
        f"the grade for @points: {named}, and '{letters[3]}' below that{ps}",
        one,
        two,
        tellings=(
            f"Points from 0 to 100 are turned into grades. {named[0].upper() + named[1:] if named[0] != chr(39) else 'The grades are ' + named}; everything else is '{letters[3]}'{ps}. Return the grade for @points.",
        ),
    )


@lesson
def marks_list(g: Random) -> Draft:
    k = g.choice([50, 60, 70])
    what, kind, one, two = g.choice(
        [
            (
                f"the share of @marks that are at least {k}, in percent, rounded to one decimal, or 0.0 if there are no marks",
                "float",
                f"if not $marks:\n    return 0.0\nreturn round(100 * sum(m >= {k} for m in $marks) / len($marks), 1)",
                f"passed = 0\nfor mark in $marks:\n    if mark >= {k}:\n        passed += 1\nreturn round(100 * passed / len($marks), 1) if $marks else 0.0",
            ),
            (
                "the average of @marks without the lowest one, rounded to one decimal, or 0.0 if fewer than two marks are given",
                "float",
                "if len($marks) < 2:\n    return 0.0\nreturn round((sum($marks) - min($marks)) / (len($marks) - 1), 1)",
                "kept = sorted($marks)[1:]\nreturn round(sum(kept) / len(kept), 1) if kept else 0.0",
            ),
            (
                "a list of @marks in which all have been raised by the same amount so that the best one becomes 100",
                "list[int]",
                "if not $marks:\n    return []\nbonus = 100 - max($marks)\nreturn [m + bonus for m in $marks]",
                "best = max($marks, default=100)\nresult = []\nfor mark in $marks:\n    result.append(mark + 100 - best)\nreturn result",
            ),
            (
                f"a list of @marks in which every mark of at least {k} is rounded up to the next multiple of 5 and the others are unchanged",
                "list[int]",
                f"return [-(-m // 5) * 5 if m >= {k} else m for m in $marks]",
                f"result = []\nfor mark in $marks:\n    if mark >= {k}:\n        while mark % 5 != 0:\n            mark += 1\n    result.append(mark)\nreturn result",
            ),
            (
                "a list with the rank of each mark in @marks: 1 plus the number of marks that are higher",
                "list[int]",
                "return [1 + sum(other > m for other in $marks) for m in $marks]",
                "ordered = sorted($marks, reverse=True)\nreturn [ordered.index(mark) + 1 for mark in $marks]",
            ),
            (
                "how many of @marks are above the average of all of them",
                "int",
                "if not $marks:\n    return 0\nmean = sum($marks) / len($marks)\nreturn sum(m > mean for m in $marks)",
                "above = 0\nfor mark in $marks:\n    if mark * len($marks) > sum($marks):\n        above += 1\nreturn above",
            ),
            (
                f"the number of additional points needed in all so that every mark in @marks is at least {k}",
                "int",
                f"return sum(max(0, {k} - m) for m in $marks)",
                f"missing = 0\nfor mark in $marks:\n    if mark < {k}:\n        missing += {k} - mark\nreturn missing",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[marks|class_marks|test_marks|marks_report]",
        "marks:marks",
        kind,
        what,
        one,
        two,
        tellings=(
            f"The results of a test, one number from 0 to 100 per pupil, are in the list @marks, which may be empty. [Return|Return|Your task is to return|Write a function that returns|The function should return|You should return] {what}.",
            f"[Wanted|Result|Output|To be returned|What to return]: {what}. The results of a test, one number from 0 to 100 per pupil, are in the list @marks, which may be empty.",
        ),
    )


@lesson
def needed_mark(g: Random) -> Draft:
    goal = g.choice([60, 70, 75, 80])
    w = g.choice([1, 2, 3])
    factor = f"{w} * " if w > 1 else ""
    return lesson.draft(
        g,
        "[needed_mark|final_needed|required_points|last_test]",
        "marks:marks",
        "int | None",
        f"the smallest mark from 0 to 100 that the last test needs so that the average of @marks and this test, which counts {'once' if w == 1 else str(w) + ' times'}, is at least {goal}, or None if even 100 is not enough",
        f"for m in range(101):\n    if sum($marks) + {factor}m >= {goal} * (len($marks) + {w}):\n        return m\nreturn None",
        f"missing = {goal} * (len($marks) + {w}) - sum($marks)\nneeded = max(0, -(-missing // {w}))\nreturn needed if needed <= 100 else None",
        tellings=(
            f"The list @marks holds marks that count once each. One more mark, an integer from 0 to 100, will count {'once, too' if w == 1 else str(w) + ' times'}. Return the smallest value of it that brings the overall average to {goal} or more, or None if there is none.",
            f"Before the final test a pupil has the marks in @marks. The final test counts like {w} of them, and the pupil wants an average of at least {goal}. Return the lowest whole mark between 0 and 100 in the final test with which this works, or None if it cannot be reached any more.",
        ),
    )


@lesson
def float_stats(g: Random) -> Draft:
    k = g.choice([5, 10, 15])
    none = g.choice(["0.0", "None"])
    kind = "float" if none == "0.0" else "float | None"
    what, kind, one, two = g.choice(
        [
            (
                f"the mean of @xs without the elements that are greater than {k}, rounded to two decimals, or {none} if nothing remains",
                kind,
                f"kept = [x for x in $xs if x <= {k}]\nreturn round(sum(kept) / len(kept), 2) if kept else {none}",
                f"total, n = 0.0, 0\nfor x in $xs:\n    if x > {k}:\n        continue\n    total += x\n    n += 1\nif n == 0:\n    return {none}\nreturn round(total / n, 2)",
            ),
            (
                f"the midpoint between the smallest and the largest element of @xs, or {none} if it is empty",
                kind,
                f"if not $xs:\n    return {none}\nreturn (min($xs) + max($xs)) / 2",
                f"if len($xs) == 0:\n    return {none}\nordered = sorted($xs)\nreturn (ordered[0] + ordered[-1]) / 2",
            ),
            (
                f"the mean distance of the elements of @xs from {k}, rounded to two decimals, or {none} if it is empty",
                kind,
                f"if not $xs:\n    return {none}\nreturn round(sum(abs(x - {k}) for x in $xs) / len($xs), 2)",
                f"total = 0\nfor x in $xs:\n    total += abs(x - {k})\nreturn round(total / len($xs), 2) if $xs else {none}",
            ),
            (
                f"the mean of the squares of the elements of @xs, rounded to two decimals, or {none} if it is empty",
                kind,
                f"return round(sum(x * x for x in $xs) / len($xs), 2) if $xs else {none}",
                f"if $xs == []:\n    return {none}\nsquares = [x ** 2 for x in $xs]\nreturn round(sum(squares) / len(squares), 2)",
            ),
            (
                "the element of @xs that is nearest to the mean of all elements, the first one if there are several, or None if the list is empty",
                "float | None",
                "if not $xs:\n    return None\nmean = sum($xs) / len($xs)\nreturn min($xs, key=lambda x: abs(x - mean))",
                "if not $xs:\n    return None\nmean = sum($xs) / len($xs)\nbest = $xs[0]\nfor x in $xs[1:]:\n    if abs(x - mean) < abs(best - mean):\n        best = x\nreturn best",
            ),
            (
                "a list with each element of @xs minus the mean of all elements, rounded to two decimals",
                "list[float]",
                "if not $xs:\n    return []\nmean = sum($xs) / len($xs)\nreturn [round(x - mean, 2) for x in $xs]",
                "result = []\nfor x in $xs:\n    result.append(round(x - sum($xs) / len($xs), 2))\nreturn result",
            ),
            (
                "the difference between the mean of the positive and the mean of the negative elements of @xs, rounded to two decimals, or 0.0 if one of the two groups is empty",
                "float",
                "above = [x for x in $xs if x > 0]\nbelow = [x for x in $xs if x < 0]\nif not above or not below:\n    return 0.0\nreturn round(sum(above) / len(above) - sum(below) / len(below), 2)",
                None,
            ),
        ]
    )
    return lesson.draft(
        g,
        "[statistic|float_stats|measure|summary_value]",
        "xs:floats",
        kind,
        what,
        *(b for b in (one, two) if b),
        tellings=(
            f"The list @xs holds measured values, positive and negative ones; it may be empty. [Return|Return|Your task is to return|Write a function that returns|The function should return|You should return] {what}.",
            f"[Wanted|Result|Output|To be returned|What to return]: {what}. The list @xs holds measured values, positive and negative ones; it may be empty.",
        ),
    )


@lesson
def moving_values(g: Random) -> Draft:
    k = g.choice([2, 3])
    what, one, two = g.choice(
        [
            (
                f"a list of the averages of every {k} neighbouring elements of @xs, rounded to two decimals",
                f"return [round(sum($xs[i:i + {k}]) / {k}, 2) for i in range(len($xs) - {k - 1})]",
                f"result = []\nfor i in range({k - 1}, len($xs)):\n    window = $xs[i - {k - 1}:i + 1]\n    result.append(round(sum(window) / {k}, 2))\nreturn result",
            ),
            (
                "a list of the average of all elements of @xs up to and including each position, rounded to two decimals",
                "return [round(sum($xs[:i]) / i, 2) for i in range(1, len($xs) + 1)]",
                "result, total = [], 0\nfor i, x in enumerate($xs, 1):\n    total += x\n    result.append(round(total / i, 2))\nreturn result",
            ),
            (
                "a list in which each element of @xs except the first and the last is replaced by the average of its two neighbours in the original list, rounded to two decimals",
                "result = list($xs)\nfor i in range(1, len($xs) - 1):\n    result[i] = round(($xs[i - 1] + $xs[i + 1]) / 2, 2)\nreturn result",
                "return [round(($xs[i - 1] + $xs[i + 1]) / 2, 2) if 0 < i < len($xs) - 1 else x for i, x in enumerate($xs)]",
            ),
            (
                "a smoothed copy of @xs: the first element stays, and every other one becomes the average of itself and the smoothed element before it",
                "result = []\nfor x in $xs:\n    result.append((result[-1] + x) / 2 if result else x)\nreturn result",
                "result = $xs[:1]\nfor i in range(1, len($xs)):\n    result.append(($xs[i] + result[i - 1]) / 2)\nreturn result",
            ),
            (
                "a list of the shares of the elements of @xs in the sum of their absolute values, in percent (absolute values are used, too), rounded to one decimal; empty if that sum is 0",
                "total = sum(abs(x) for x in $xs)\nif total == 0:\n    return []\nreturn [round(100 * abs(x) / total, 1) for x in $xs]",
                "total = 0\nfor x in $xs:\n    total += abs(x)\nresult = []\nfor x in $xs:\n    if total > 0:\n        result.append(round(100 * abs(x) / total, 1))\nreturn result",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[smoothed|moving|running_values|window_means]",
        "xs:floats",
        "list[float]",
        what,
        *(b for b in (one, two) if b),
        tellings=(
            f"Noisy measurements are stored in the list @xs. [Return|Return|Your task is to return|Write a function that returns|The function should return|You should return] {what}. [An empty list gives an empty list.|For an empty list the result is empty, too.]",
        ),
    )


@lesson
def with_gaps(g: Random) -> Draft:
    what, kind, one, two = g.choice(
        [
            (
                "a copy of @xs in which every gap is filled with the last value before it, or 0.0 if there is none",
                "list[float]",
                "result, last = [], 0.0\nfor x in $xs:\n    if x is not None:\n        last = x\n    result.append(last)\nreturn result",
                "filled = list($xs)\nfor i in range(len(filled)):\n    if filled[i] is None:\n        filled[i] = filled[i - 1] if i > 0 else 0.0\nreturn filled",
            ),
            (
                "the mean of the values in @xs that are not missing, rounded to two decimals, or None if all are missing",
                "float | None",
                "known = [x for x in $xs if x is not None]\nreturn round(sum(known) / len(known), 2) if known else None",
                "total, n = 0.0, 0\nfor x in $xs:\n    if x is None:\n        continue\n    total += x\n    n += 1\nreturn None if n == 0 else round(total / n, 2)",
            ),
            (
                "the length of the longest run of missing values in @xs",
                "int",
                "best = run = 0\nfor x in $xs:\n    run = run + 1 if x is None else 0\n    best = max(best, run)\nreturn best",
                None,
            ),
            (
                "a copy of @xs in which a gap is filled with the average of the values directly before and after it, if both are known; all other gaps stay",
                "list[float | None]",
                "result = list($xs)\nfor i in range(1, len($xs) - 1):\n    if $xs[i] is None and $xs[i - 1] is not None and $xs[i + 1] is not None:\n        result[i] = ($xs[i - 1] + $xs[i + 1]) / 2\nreturn result",
                "result = []\nfor i, x in enumerate($xs):\n    sides = $xs[max(0, i - 1):i] + $xs[i + 1:i + 2]\n    if x is None and len(sides) == 2 and None not in sides:\n        x = sum(sides) / 2\n    result.append(x)\nreturn result",
            ),
            (
                "a list of the positions of the known values in @xs that are greater than the last known value before them",
                "list[int]",
                "result, last = [], None\nfor i, x in enumerate($xs):\n    if x is None:\n        continue\n    if last is not None and x > last:\n        result.append(i)\n    last = x\nreturn result",
                None,
            ),
        ]
    )
    return lesson.draft(
        g,
        "[missing_values|fill_gaps|sensor_gaps|known_values]",
        "xs:gaps",
        kind,
        what,
        *(b for b in (one, two) if b),
        tellings=(
            f"A sensor fails from time to time and then delivers None instead of a number. Its values are in the list @xs. [Return|Return|Your task is to return|Write a function that returns|The function should return|You should return] {what}.",
            f"[Wanted|Result|Output|To be returned|What to return]: {what}. A sensor fails from time to time and then delivers None instead of a number. Its values are in the list @xs.",
        ),
    )


@lesson
def weighted_mean(g: Random) -> Draft:
    d = g.choice([1, 2])
    what, kind, one, two = g.choice(
        [
            (
                f"the weighted mean of @items, rounded to {d} decimal{'s' if d > 1 else ''}, or 0.0 if the list is empty",
                "float",
                f"weight = sum(w for _, w in $items)\nif weight == 0:\n    return 0.0\nreturn round(sum(v * w for v, w in $items) / weight, {d})",
                f"total, weights = 0.0, 0\nfor v, w in $items:\n    total += v * w\n    weights += w\nreturn round(total / weights, {d}) if weights else 0.0",
            ),
            (
                "the mean of all values in @items whose weight is the largest weight in the list, rounded to two decimals, or None if the list is empty",
                "float | None",
                "if not $items:\n    return None\ntop = max(w for _, w in $items)\nbest = [v for v, w in $items if w == top]\nreturn round(sum(best) / len(best), 2)",
                None,
            ),
            (
                "a list in which each value of @items appears as often as its weight says",
                "list[float]",
                "return [v for v, w in $items for _ in range(w)]",
                "result = []\nfor v, w in $items:\n    result.extend([v] * w)\nreturn result",
            ),
            (
                "the value in @items for which value times weight is largest, the first one if there are several, or 0.0 for an empty list",
                "float",
                "return max($items, key=lambda item: item[0] * item[1], default=(0.0, 0))[0]",
                "best, found = -1, 0.0\nfor v, w in $items:\n    if v * w > best:\n        best, found = v * w, v\nreturn found",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[weighted|weighted_mean|with_weights|weights]",
        "items:weighted",
        kind,
        what,
        *(b for b in (one, two) if b),
        tellings=(
            f"Each tuple in @items holds a value and how much it counts (its weight, a positive integer). [Return|Return|Your task is to return|Write a function that returns|The function should return|You should return] {what}.",
            f"[Wanted|Result|Output|To be returned|What to return]: {what}. Each tuple in @items holds a value and how much it counts (its weight, a positive integer).",
        ),
    )


@lesson
def trip_legs(g: Random) -> Draft:
    v = g.choice([20, 30, 40])
    what, kind, one, two = g.choice(
        [
            (
                "the average speed of the whole trip @legs in km/h (total distance divided by total time), rounded to one decimal",
                "float",
                "distance = sum(s * h for s, h in $legs)\nreturn round(distance / sum(h for _, h in $legs), 1)",
                "distance = hours = 0\nfor s, h in $legs:\n    distance += s * h\n    hours += h\nreturn round(distance / hours, 1)",
            ),
            (
                "the total distance covered in @legs, in kilometres",
                "float",
                "return sum(s * h for s, h in $legs)",
                "km = 0.0\nfor leg in $legs:\n    km += leg[0] * leg[1]\nreturn km",
            ),
            (
                f"the hours in @legs spent at a speed above {v} km/h",
                "float",
                f"return sum((h for s, h in $legs if s > {v}), 0.0)",
                f"total = 0.0\nfor s, h in $legs:\n    if s > {v}:\n        total += h\nreturn total",
            ),
            (
                f"the number of the leg, counted from 1, in which the kilometre {v} is reached, or 0 if the whole trip @legs is shorter",
                "int",
                f"done = 0\nfor i, (s, h) in enumerate($legs, 1):\n    done += s * h\n    if done >= {v}:\n        return i\nreturn 0",
                None,
            ),
            (
                "the index of the longest leg by distance in @legs; the first one if there are several",
                "int",
                "distances = [s * h for s, h in $legs]\nreturn distances.index(max(distances))",
                "best = 0\nfor i, (s, h) in enumerate($legs):\n    if s * h > $legs[best][0] * $legs[best][1]:\n        best = i\nreturn best",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[trip|legs|journey|bike_tour]",
        "legs:legs",
        kind,
        what,
        *(b for b in (one, two) if b),
        tellings=(
            f"A bicycle tour consists of legs, given as the list @legs of tuples (speed in km/h, duration in hours). [Return|Return|Your task is to return|Write a function that returns|The function should return|You should return] {what}.",
            f"[Wanted|Result|Output|To be returned|What to return]: {what}. A bicycle tour consists of legs, given as the list @legs of tuples (speed in km/h, duration in hours).",
        ),
    )


@lesson
def speeding(g: Random) -> Draft:
    tol = g.choice([0, 3, 5])
    a, b = g.choice([(10, 20), (15, 30), (20, 40)])
    f1, f2, f3 = sorted(g.sample([20, 30, 50, 80, 120, 200], 3))
    t = f"after {tol} km/h have been taken off the measured speed, " if tol else ""
    over = f"$speed - {tol} - $allowed" if tol else "$speed - $allowed"
    return lesson.draft(
        g,
        "[fine|speeding_fine|speed_check|penalty]",
        "speed:speed allowed:fifty",
        "int",
        f"the fine for driving @speed where @allowed is the limit: {t}{f1} if it is exceeded by up to {a} km/h, {f2} by up to {b} km/h, {f3} by more than that, and 0 if it is not exceeded",
        f"over = {over}\nif over <= 0:\n    return 0\nif over <= {a}:\n    return {f1}\nreturn {f2} if over <= {b} else {f3}",
        f"over = {over}\nfor top, fine in ((0, 0), ({a}, {f1}), ({b}, {f2})):\n    if over <= top:\n        return fine\nreturn {f3}",
        tellings=(
            f"A camera measures the speed @speed in a zone where @allowed km/h are allowed. {'In favour of the driver, ' + str(tol) + ' km/h are subtracted first. ' if tol else ''}Whoever is too fast by at most {a} km/h pays {f1}, by at most {b} km/h pays {f2}, and by more pays {f3}. Return the fine; it is 0 for those who keep to the limit.",
        ),
    )


@lesson
def rectangles(g: Random) -> Draft:
    what, kind, sig, one, two = g.choice(
        [
            (
                "the area that the rectangles @p and @q have in common",
                "int",
                "p:rect q:rect",
                "width = min($p[2], $q[2]) - max($p[0], $q[0])\nheight = min($p[3], $q[3]) - max($p[1], $q[1])\nreturn max(0, width) * max(0, height)",
                "return sum(1 for x in range($p[0], $p[2]) for y in range($p[1], $p[3]) if $q[0] <= x < $q[2] and $q[1] <= y < $q[3])",
            ),
            (
                "the area covered by the rectangles @p and @q together, where a common part counts once",
                "int",
                "p:rect q:rect",
                "def area(r: tuple[int, int, int, int]) -> int:\n    return (r[2] - r[0]) * (r[3] - r[1])\n\nwidth = max(0, min($p[2], $q[2]) - max($p[0], $q[0]))\nheight = max(0, min($p[3], $q[3]) - max($p[1], $q[1]))\nreturn area($p) + area($q) - width * height",
                "cells = set()\nfor x1, y1, x2, y2 in ($p, $q):\n    for x in range(x1, x2):\n        for y in range(y1, y2):\n            cells.add((x, y))\nreturn len(cells)",
            ),
            (
                "the smallest rectangle that contains both @p and @q, in the same form",
                "tuple[int, int, int, int]",
                "p:rect q:rect",
                "return (min($p[0], $q[0]), min($p[1], $q[1]), max($p[2], $q[2]), max($p[3], $q[3]))",
                None,
            ),
            (
                "True if the rectangle @q lies completely inside the rectangle @p (touching borders are allowed) or the other way round",
                "bool",
                "p:rect q:rect",
                "def inside(a: tuple[int, int, int, int], b: tuple[int, int, int, int]) -> bool:\n    return b[0] <= a[0] and b[1] <= a[1] and a[2] <= b[2] and a[3] <= b[3]\n\nreturn inside($p, $q) or inside($q, $p)",
                None,
            ),
            (
                "how many points with integer coordinates lie on the border of the rectangle @p",
                "int",
                "p:rect",
                "x1, y1, x2, y2 = $p\nreturn 2 * (x2 - x1 + y2 - y1)",
                "x1, y1, x2, y2 = $p\nreturn sum(1 for x in range(x1, x2 + 1) for y in range(y1, y2 + 1) if x in (x1, x2) or y in (y1, y2))",
            ),
            (
                "the shape of the rectangle @p: 'square' if its sides are equal, 'wide' if it is wider than high, and 'tall' otherwise",
                "str",
                "p:rect",
                "width, height = $p[2] - $p[0], $p[3] - $p[1]\nif width == height:\n    return 'square'\nreturn 'wide' if width > height else 'tall'",
                None,
            ),
        ]
    )
    return lesson.draft(
        g,
        "[rectangles|boxes|rectangle_task|windows_on_screen]",
        sig,
        kind,
        what,
        *(b for b in (one, two) if b),
        tellings=(
            f"A rectangle is given as a tuple (x1, y1, x2, y2) with x1 < x2 and y1 < y2; its sides are parallel to the axes. [Return|Return|Your task is to return|Write a function that returns|The function should return|You should return] {what}.",
            f"[Wanted|Result|Output|To be returned|What to return]: {what}. A rectangle is given as a tuple (x1, y1, x2, y2) with x1 < x2 and y1 < y2; its sides are parallel to the axes.",
        ),
    )


@lesson
def box_formulas(g: Random) -> Draft:
    what, kind, one, two = g.choice(
        [
            (
                "the total length of all edges of a box with the sides @p, @q and @r",
                "int",
                "return 4 * ($p + $q + $r)",
                "total = 0\nfor side in ($p, $q, $r):\n    total += 4 * side\nreturn total",
            ),
            (
                "the area of the paper needed to wrap a box with the sides @p, @q and @r: its surface plus, as spare, the area of its smallest face",
                "int",
                "faces = [$p * $q, $q * $r, $p * $r]\nreturn 2 * sum(faces) + min(faces)",
                "low, mid, high = sorted(($p, $q, $r))\nreturn 3 * low * mid + 2 * mid * high + 2 * low * high",
            ),
            (
                "the area of the walls and the floor of an open box with the base @p times @q and the height @r (there is no lid)",
                "int",
                "return $p * $q + 2 * $r * ($p + $q)",
                "floor = $p * $q\nwalls = 2 * $p * $r + 2 * $q * $r\nreturn floor + walls",
            ),
            (
                "how many cubes of side 1 in a block of @p by @q by @r such cubes lie at its surface",
                "int",
                "inner = max(0, $p - 2) * max(0, $q - 2) * max(0, $r - 2)\nreturn $p * $q * $r - inner",
                "return sum(1 for x in range($p) for y in range($q) for z in range($r) if x in (0, $p - 1) or y in (0, $q - 1) or z in (0, $r - 1))",
            ),
            (
                "the length of the ribbon for a box with the sides @p, @q and @r: the smallest perimeter of any face plus the volume of the box",
                "int",
                "low, mid, _ = sorted([$p, $q, $r])\nreturn 2 * (low + mid) + $p * $q * $r",
                "longest = max($p, $q, $r)\nreturn 2 * ($p + $q + $r - longest) + $p * $q * $r",
            ),
            (
                "the length of the diagonal through the inside of a box with the sides @p, @q and @r, rounded to two decimals",
                "float",
                "return round(($p ** 2 + $q ** 2 + $r ** 2) ** 0.5, 2)",
                "return round(math.sqrt($p * $p + $q * $q + $r * $r), 2)",
            ),
            (
                "True if a box with the sides @p, @q and @r fits through a square hole of side 7 in some position with its edges parallel to the hole",
                "bool",
                "return sorted([$p, $q, $r])[1] <= 7",
                "return sum(side <= 7 for side in ($p, $q, $r)) >= 2",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[box|box_measure|block|package]",
        "p:side q:side r:side",
        kind,
        what,
        one,
        two,
        imports=("import math",),
        tellings=(
            f"A box has three sides with whole-number lengths. [Return|Return|Your task is to return|Write a function that returns|The function should return|You should return] {what}.",
            f"You are given the lengths @p, @q and @r. [Compute|Work out] {what}.",
        ),
    )


@lesson
def floor_plan(g: Random) -> Draft:
    t = g.choice([2, 3, 4])
    what, one, two = g.choice(
        [
            (
                f"the number of square tiles of side {t} needed to cover a floor of @p by @q, if tiles can be cut but each place needs its own tile",
                f"return -(-$p // {t}) * -(-$q // {t})",
                f"across = ($p + {t - 1}) // {t}\ndown = ($q + {t - 1}) // {t}\nreturn across * down",
            ),
            (
                "the area of a path of width 1 that runs around a garden of @p by @q on the outside",
                "return ($p + 2) * ($q + 2) - $p * $q",
                "return 2 * $p + 2 * $q + 4",
            ),
            (
                f"the number of posts needed for a fence around a field of @p by @q, with one in each corner and no two neighbouring posts more than {t} apart along a side",
                f"return 2 * (-(-$p // {t}) + -(-$q // {t}))",
                f"posts = 4\nfor side in ($p, $p, $q, $q):\n    posts += (side - 1) // {t}\nreturn posts",
            ),
            (
                "the number of squares of all sizes that can be seen in a grid of @p by @q cells",
                "return sum(($p - i) * ($q - i) for i in range(min($p, $q)))",
                "total, size = 0, 1\nwhile size <= $p and size <= $q:\n    total += ($p - size + 1) * ($q - size + 1)\n    size += 1\nreturn total",
            ),
            (
                "how many squares you get when you always cut the largest possible square off a sheet of @p by @q until nothing is left",
                "squares = 0\nwhile $p > 0 and $q > 0:\n    if $p < $q:\n        $p, $q = $q, $p\n    squares += $p // $q\n    $p %= $q\nreturn squares",
                "if $p == 0 or $q == 0:\n    return 0\nlow, high = min($p, $q), max($p, $q)\nreturn 1 + SELF(low, high - low)",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[floor_plan|tiles|garden|layout]",
        "p:side q:side",
        "int",
        what,
        one,
        two,
        tellings=(
            f"@p and @q are whole numbers of metres. [Find|Work out] and return {what}.",
            f"All lengths are whole metres. Given @p and @q, return {what}.",
        ),
    )


@lesson
def angle_tasks(g: Random) -> Draft:
    k = g.choice([30, 45, 90])
    what, kind, sig, one, two = g.choice(
        [
            (
                "the third angle of a triangle with the angles @p and @q, or None if there is no such triangle",
                "int | None",
                "p:corner q:corner",
                "third = 180 - $p - $q\nreturn third if third > 0 else None",
                "if $p + $q >= 180:\n    return None\nreturn 180 - ($p + $q)",
            ),
            (
                "the smaller angle between the directions @p and @q, both given in degrees, as a number from 0 to 180",
                "int",
                "p:turn q:turn",
                "diff = abs($p - $q) % 360\nreturn min(diff, 360 - diff)",
                "diff = ($p - $q) % 360\nif diff > 180:\n    diff = 360 - diff\nreturn diff",
            ),
            (
                "the direction @p in degrees brought into the range from -179 to 180 by adding or subtracting full turns of 360",
                "int",
                "p:turn",
                "$p %= 360\nreturn $p - 360 if $p > 180 else $p",
                "while $p > 180:\n    $p -= 360\nwhile $p <= -180:\n    $p += 360\nreturn $p",
            ),
            (
                "the compass direction, 'N', 'E', 'S' or 'W', in which somebody looks who faces north and then turns to the right by @p quarter turns",
                "str",
                "p:int",
                "return 'NESW'[$p % 4]",
                "names = ['N', 'E', 'S', 'W']\nindex = 0\nfor _ in range(abs($p)):\n    index = (index + (1 if $p > 0 else -1)) % 4\nreturn names[index]",
            ),
            (
                f"the number of full turns of 360 degrees in a rotation by @p times {k} degrees",
                "int",
                "p:pos",
                f"return $p * {k} // 360",
                f"return $p // {360 // k}",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[angle|angles|direction|turning]",
        sig,
        kind,
        what,
        one,
        two,
        tellings=(
            f"Angles are measured in whole degrees; a full turn has 360. [Return|Return|Your task is to return|Write a function that returns|The function should return|You should return] {what}.",
            f"[Wanted|Result|Output|To be returned|What to return]: {what}. Angles are measured in whole degrees; a full turn has 360.",
        ),
    )


@lesson
def points_path(g: Random) -> Draft:
    what, kind, one, two = g.choice(
        [
            (
                "the length of the path through @points in the given order, rounded to two decimals",
                "float",
                "return round(sum((math.dist(p, q) for p, q in zip($points, $points[1:])), 0.0), 2)",
                "total = 0.0\nfor i in range(1, len($points)):\n    dx = $points[i][0] - $points[i - 1][0]\n    dy = $points[i][1] - $points[i - 1][1]\n    total += math.hypot(dx, dy)\nreturn round(total, 2)",
            ),
            (
                "the centre of @points, a tuple of the mean x and the mean y, both rounded to two decimals",
                "tuple[float, float]",
                "xs, ys = zip(*$points)\nreturn (round(sum(xs) / len(xs), 2), round(sum(ys) / len(ys), 2))",
                "sx = sy = 0\nfor x, y in $points:\n    sx += x\n    sy += y\nreturn (round(sx / len($points), 2), round(sy / len($points), 2))",
            ),
            (
                "how many of @points lie above the line y = x",
                "int",
                "return sum(y > x for x, y in $points)",
                "above = 0\nfor p in $points:\n    if p[1] > p[0]:\n        above += 1\nreturn above",
            ),
            (
                "the number of the quadrant (1 to 4, counted counterclockwise from the one with positive x and y) of each of @points, as a list, with 0 for points on an axis",
                "list[int]",
                "result = []\nfor x, y in $points:\n    if x == 0 or y == 0:\n        result.append(0)\n    elif y > 0:\n        result.append(1 if x > 0 else 2)\n    else:\n        result.append(3 if x < 0 else 4)\nreturn result",
                None,
            ),
            (
                "the area of the smallest rectangle with sides parallel to the axes that contains all of @points",
                "int",
                "xs = [x for x, _ in $points]\nys = [y for _, y in $points]\nreturn (max(xs) - min(xs)) * (max(ys) - min(ys))",
                "x1 = min(p[0] for p in $points)\nx2 = max(p[0] for p in $points)\ny1 = min(p[1] for p in $points)\ny2 = max(p[1] for p in $points)\nreturn (x2 - x1) * (y2 - y1)",
            ),
            (
                "how often the path through @points changes between going right or up and going left or down, where only the change of x + y from point to point counts and steps without change of x + y are ignored",
                "int",
                "signs = []\nfor (a, b), (c, d) in zip($points, $points[1:]):\n    if c + d != a + b:\n        signs.append(c + d > a + b)\nreturn sum(s != t for s, t in zip(signs, signs[1:]))",
                None,
            ),
        ]
    )
    return lesson.draft(
        g,
        "[path|points|polyline|map_points]",
        "points:xys",
        kind,
        what,
        *(b for b in (one, two) if b),
        imports=("import math",),
        tellings=(
            f"@points is a non-empty list of points (x, y) with integer coordinates. [Return|Return|Your task is to return|Write a function that returns|The function should return|You should return] {what}.",
            f"[Wanted|Result|Output|To be returned|What to return]: {what}. @points is a non-empty list of points (x, y) with integer coordinates.",
        ),
    )


@lesson
def recipe_scaling(g: Random) -> Draft:
    what, kind, sig, one, two = g.choice(
        [
            (
                "a copy of the recipe @amounts, which is meant for 4 people, with all amounts changed for @people people, rounded to two decimals",
                "dict[str, float]",
                "amounts:grades people:small",
                "return {name: round(v * $people / 4, 2) for name, v in $amounts.items()}",
                "result = {}\nfor name in $amounts:\n    result[name] = round($amounts[name] * $people / 4, 2)\nreturn result",
            ),
            (
                "a sorted list of the names in @amounts with more than @limit",
                "list[str]",
                "amounts:grades limit:small",
                "return sorted(name for name, v in $amounts.items() if v > $limit)",
                None,
            ),
            (
                "a dictionary with the share of each entry of @amounts in the total, in percent, rounded to one decimal",
                "dict[str, float]",
                "amounts:grades",
                "total = sum($amounts.values())\nreturn {name: round(100 * v / total, 1) for name, v in $amounts.items()}",
                "result = {}\nfor name, v in $amounts.items():\n    result[name] = round(100 * v / sum($amounts.values()), 1)\nreturn result",
            ),
            (
                "how much of the entries of @amounts is above @limit in all: for each entry that is larger than the limit, the part beyond it",
                "float",
                "amounts:grades limit:small",
                "return sum((v - $limit for v in $amounts.values() if v > $limit), 0.0)",
                "total = 0.0\nfor v in $amounts.values():\n    total += max(0, v - $limit)\nreturn total",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[scale_recipe|amounts|recipe_amounts|ingredients]",
        sig,
        kind,
        what,
        *(b for b in (one, two) if b),
        tellings=(
            f"The dictionary @amounts says how much of each thing is needed; it may be empty. [Return|Return|Your task is to return|Write a function that returns|The function should return|You should return] {what}.",
            f"[Wanted|Result|Output|To be returned|What to return]: {what}. The dictionary @amounts says how much of each thing is needed; it may be empty.",
        ),
    )


@lesson
def paint_cans(g: Random) -> Draft:
    cover = g.choice([5, 6, 8, 10])
    big, pb, ps = g.choice([(3, 10, 4), (4, 15, 5), (5, 20, 6)])
    what, one, two = g.choice(
        [
            (
                "the number of cans needed",
                f"return -(-$area // {cover})",
                f"cans = 0\nwhile $area > 0:\n    $area -= {cover}\n    cans += 1\nreturn cans",
            ),
            (
                f"the lowest total price, if a single can costs {ps} and a pack of {big} cans costs {pb}",
                f"cans = -(-$area // {cover})\npacks, single = divmod(cans, {big})\nreturn packs * {pb} + min(single * {ps}, {pb})",
                f"cans = -(-$area // {cover})\nreturn min(i * {pb} + max(0, cans - i * {big}) * {ps} for i in range(cans + 2))",
            ),
            (
                "how many square metres could still be painted with the rest of the last can",
                f"return -$area % {cover}",
                f"left = 0\nwhile ($area + left) % {cover} != 0:\n    left += 1\nreturn left",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[paint|cans|paint_cans|wall_paint]",
        "area:qty",
        "int",
        f"{what}, when a wall of @area square metres is painted and one can is enough for {cover} square metres",
        one,
        two,
        tellings=(
            f"Walls need paint: a can lasts for {cover} square metres, and cans cannot be divided. @area is the area to paint. Return {what}.",
            f"One can of paint covers {cover} square metres. Only whole cans are sold. For a wall of @area square metres, return {what}.",
        ),
    )


@lesson
def tank_level(g: Random) -> Draft:
    cap = g.choice([20, 30, 50])
    what, kind, one = g.choice(
        [
            ("the level at the end", "int", ""),
            ("how much water has run over in all", "int", "spilled"),
            ("how often the tank was completely empty after a step", "int", "empty"),
        ]
    )
    if one == "":
        body = f"level = 0\nfor c in $changes:\n    level = max(0, min({cap}, level + c))\nreturn level"
        body2 = f"level = 0\nfor c in $changes:\n    level += c\n    if level > {cap}:\n        level = {cap}\n    elif level < 0:\n        level = 0\nreturn level"
    elif one == "spilled":
        body = f"level = spilled = 0\nfor c in $changes:\n    level = max(0, level + c)\n    if level > {cap}:\n        spilled += level - {cap}\n        level = {cap}\nreturn spilled"
        body2 = f"level, spilled = 0, 0\nfor c in $changes:\n    target = level + c\n    level = max(0, min({cap}, target))\n    spilled += max(0, target - {cap})\nreturn spilled"
    else:
        body = f"level = empty = 0\nfor c in $changes:\n    level = max(0, min({cap}, level + c))\n    if level == 0:\n        empty += 1\nreturn empty"
        body2 = f"level, times = 0, 0\nfor c in $changes:\n    level = min({cap}, level + c) if level + c > 0 else 0\n    times += level == 0\nreturn times"
    return lesson.draft(
        g,
        "[tank|water_tank|fill_level|reservoir]",
        "changes:account",
        kind,
        f"{what} of a tank that holds {cap} litres, is empty at first and goes through @changes: positive numbers are litres filled in, negative ones litres taken out"
        if "level" in what
        else f"{what} when a tank that holds {cap} litres, empty at first, goes through @changes: positive numbers are litres filled in, negative ones litres taken out",
        body,
        body2,
        tellings=(
            f"A rain barrel holds {cap} litres. It is empty at the beginning. Then the changes in the list @changes happen one after the other: rain fills water in (positive), somebody takes water out (negative). What does not fit runs over, and more than there is cannot be taken. [Return|Return|Your task is to return|Write a function that returns|The function should return|You should return] {what}.",
            f"[Wanted|Result|Output|To be returned|What to return]: {what}. A rain barrel holds {cap} litres. It is empty at the beginning. Then the changes in the list @changes happen one after the other: rain fills water in (positive), somebody takes water out (negative). What does not fit runs over, and more than there is cannot be taken.",
        ),
    )


@lesson
def body_and_ratio(g: Random) -> Draft:
    k = g.choice([2, 3])
    what, kind, one, two = g.choice(
        [
            (
                "the ratio of @p to @q in lowest terms as a string such as '3:2'",
                "str",
                "d = math.gcd($p, $q)\nreturn f'{$p // d}:{$q // d}'",
                "a, b = $p, $q\nwhile b:\n    a, b = b, a % b\nreturn str($p // a) + ':' + str($q // a)",
            ),
            (
                "the fraction @p / @q as a mixed number in lowest terms, as a string such as '2 1/3', only '2' if it is whole, and only '1/3' if it is less than 1",
                "str",
                "whole, rest = divmod($p, $q)\nif rest == 0:\n    return str(whole)\nd = math.gcd(rest, $q)\npart = f'{rest // d}/{$q // d}'\nreturn f'{whole} {part}' if whole else part",
                None,
            ),
            (
                f"@p as a percentage of @q, rounded to {k} decimals",
                "float",
                f"return round(100 * $p / $q, {k})",
                f"share = 100 * $p / $q\nreturn round(share, {k})",
            ),
            (
                "the change from @p to @q in percent of @p, as a string with a sign and no decimals, such as '+25%' or '-8%' (rounded towards zero; no change gives '+0%')",
                "str",
                "change = int(($q - $p) * 100 / $p)\nsign = '-' if $q < $p else '+'\nreturn f'{sign}{abs(change)}%'",
                None,
            ),
            (
                "the sum of the fractions 1 / @p and 1 / @q as a tuple (numerator, denominator) in lowest terms",
                "tuple[int, int]",
                "top, bottom = $p + $q, $p * $q\nd = math.gcd(top, bottom)\nreturn (top // d, bottom // d)",
                "total = Fraction(1, $p) + Fraction(1, $q)\nreturn (total.numerator, total.denominator)",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[ratio|fraction_text|proportion|as_ratio]",
        "p:pos q:pos",
        kind,
        what,
        *(b for b in (one, two) if b),
        imports=("import math", "from fractions import Fraction"),
        tellings=(
            f"You are given two positive integers @p and @q. [Return|Return|Your task is to return|Write a function that returns|The function should return|You should return] {what}.",
            f"[Wanted|Result|Output|To be returned|What to return]: {what}. You are given two positive integers @p and @q.",
        ),
    )
