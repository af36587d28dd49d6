"""What stands between the products of a layer when few rows are asked: heads, and one row's attention.

    heads    queries and keys normed and rotated, values normed; keys and values written where they are kept
    attend   one row of one sequence over paged keys and values: softmax(q k) v

Attention shares the keys between threads. Each part has its own largest score, and what it adds up is joined in the
order of the keys, so that the number of threads, and nothing else, decides how sums are grouped.

Legend: H query heads, G key heads, D head size, R query heads of a key head that are computed together, L keys.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from functools import cache

from llvmlite import ir

from gemstead.kernels.llvm import machine
from gemstead.kernels.llvm.code import F32, I32, I64, POINTER, Code, Value
from gemstead.kernels.llvm.machine import Function, Vectors
from gemstead.kernels.llvm.products import each_block, exp, inverse_rms, is_there, run_together

TOGETHER = (8, 4, 2, 1)  # query heads whose sums fit into registers, and whose scores fill vectors evenly
AHEAD_ROWS = 6  # a key that far behind is asked for, and this key's value, which is wanted after all scores
TILE = 32  # keys whose values stay in the nearest cache while their columns are added up
# Words of what threads share.
NEXT, PARTS, TASKS, QUERY, KEYS, VALUES, PAGES, FIRST, COUNT, PAGE, HEADS, SIZE, GROUPS, ROOM, ROOM_EACH, WORDS = range(
    16
)


def _element(is_wide: bool) -> int:
    return 4 if is_wide else 2


@cache
def heads(vectors: Vectors, is_wide: bool) -> Function:
    """(raw, weight, cosines, sines, out, slots, rows, heads, size, eps): normed, and rotated if there are cosines.

    Row t of `out` is where `slots[t]` says, or t where that is null. Without a weight nothing multiplies.
    """
    module = ir.Module("heads")
    code = Code(module, "heads", [POINTER] * 6 + [I64] * 3 + [F32], vectors.lanes)
    raw, weight, cosines, sines, out, slots, rows, count, size, eps = code.arguments
    build, lanes, element = code.build, vectors.lanes, _element(is_wide)
    half = build.udiv(size, code.i64(2))
    one = code.splat(code.f32(1))

    def kept(value: Value) -> Value:
        return value if is_wide else code.rounded(value)

    def weight_at(k: Value) -> Value:
        def read_weight() -> Value:
            return code.read_row(code.at(weight, build.mul(k, code.i64(element))), is_wide)

        return code.either(is_there(code, weight), read_weight, one)

    def row(t: Value, _: list[Value]) -> list[Value]:
        slot = code.either(is_there(code, slots), lambda: code.load(code.at(slots, build.mul(t, code.i64(8))), I64), t)
        turn = build.mul(build.mul(t, size), code.i64(4))

        def head(h: Value, _: list[Value]) -> list[Value]:
            def place(of_row: Value) -> Value:
                return build.mul(build.mul(build.add(build.mul(of_row, count), h), size), code.i64(element))

            own, target = code.at(raw, place(t)), code.at(out, place(slot))

            def at(k: Value) -> Value:
                return code.read_row(code.at(own, build.mul(k, code.i64(element))), is_wide)

            squares = code.loop(
                size, [code.splat(code.f32(0))], lambda k, total: [code.fma(at(k), at(k), total[0])], lanes
            )
            rms = code.splat(inverse_rms(code, squares[0], size, eps))

            def normed(k: Value) -> Value:
                return kept(build.fmul(build.fmul(at(k), rms), weight_at(k)))

            def write(value: Value, k: Value) -> None:
                code.write_row(value, code.at(target, build.mul(k, code.i64(element))), is_wide)

            def turned(k: Value, _: list[Value]) -> list[Value]:
                behind = build.add(k, half)
                low, high = normed(k), normed(behind)
                for place, a, b, sign in ((k, low, high, -1.0), (behind, high, low, 1.0)):
                    offset = build.add(turn, build.mul(place, code.i64(4)))
                    cosine = code.load(code.at(cosines, offset), code.vector(F32))
                    sine = build.fmul(code.load(code.at(sines, offset), code.vector(F32)), code.splat(code.f32(sign)))
                    write(build.fadd(build.fmul(a, cosine), build.fmul(b, sine)), place)
                return []

            def still(k: Value, _: list[Value]) -> list[Value]:
                write(normed(k), k)
                return []

            is_turned = is_there(code, cosines)
            code.loop(build.select(is_turned, half, code.i64(0)), [], turned, lanes)
            code.loop(build.select(is_turned, code.i64(0), size), [], still, lanes)
            return []

        code.loop(count, [], head)
        return []

    code.loop(rows, [], row)
    code.finish()
    arguments = [ctypes.c_void_p] * 6 + [ctypes.c_int64] * 3 + [ctypes.c_float]
    return machine.compiled(module, "heads", arguments, vectors)


def attention_bytes(num_heads: int, head_size: int, num_keys: int, threads: int) -> int:
    """Room for scores and sums of every part."""
    return 256 + threads * num_heads * (12 * (num_keys + 16) + 8 * head_size + 8 + 64)


@cache
def attend(vectors: Vectors, is_wide: bool, together: int) -> Function:
    """(q, keys, values, pages, out, room, first, L, page size, H, G, D, threads): one row.

    `pages` are numbers of pages, `first` the place of the first key seen, counted from the start of the first of them.
    """
    module = ir.Module("attend")
    worker = _attend_part(module, vectors, is_wide, together)
    code = Code(module, "attend", [POINTER] * 6 + [I64] * 7, vectors.lanes)
    q, keys, values, pages, out, room, first, count, page, num_heads, groups, size, threads = code.arguments
    build, lanes, element = code.build, vectors.lanes, _element(is_wide)
    aligned = build.and_(build.add(build.ptrtoint(room, I64), code.i64(63)), code.i64(-64))
    shared = build.inttoptr(aligned, POINTER)
    # Scores of R heads, then for each its sums, its largest score and the sum of its weights; queries in float32, and
    # where each key lies.
    padded = build.add(count, code.i64(16))
    widths = build.add(build.add(size, size), code.i64(2))
    each = build.mul(build.add(padded, widths), code.i64(4 * together))
    each = build.add(each, build.mul(padded, code.i64(8)))
    each = build.and_(build.add(each, code.i64(63)), code.i64(-64))
    units = build.udiv(num_heads, code.i64(together))
    tasks = build.mul(units, threads)
    numbers = (
        code.i64(0), threads, tasks, q, keys, values, pages, first, count, page, num_heads, size, groups,
        code.at(shared, 128), each,
    )  # fmt: skip
    for place, value in enumerate(numbers):
        code.store(value, code.at(shared, 8 * place), 8)
    run_together(code, worker, shared, threads)

    def unit(u: Value, _: list[Value]) -> list[Value]:
        base = code.at(code.at(shared, 128), build.mul(build.mul(u, threads), each))
        tail = build.mul(padded, code.i64(4 * together))

        def join(r: int) -> None:
            def ends(p: Value) -> Value:
                own = code.at(code.at(base, build.mul(p, each)), tail)
                return code.at(code.at(own, build.mul(size, code.i64(4 * together))), 4 * r)

            def larger(p: Value, most: list[Value]) -> list[Value]:
                found = code.load(ends(p), F32, 4)
                return [build.select(build.fcmp_ordered(">", found, most[0]), found, most[0])]

            (most,) = code.loop(threads, [code.f32(-3.0e38)], larger)

            def mass(p: Value, total: list[Value]) -> list[Value]:
                weight = exp(code, code.splat(build.fsub(code.load(ends(p), F32, 4), most)))
                code.store(build.extract_element(weight, code.i32(0)), ends(p), 4)
                return [code.fma(weight, code.splat(code.load(code.at(ends(p), 4 * together), F32, 4)), total[0])]

            (total,) = code.loop(threads, [code.splat(code.f32(0))], mass)
            head = build.add(build.mul(u, code.i64(together)), code.i64(r))
            target = code.at(out, build.mul(build.mul(head, size), code.i64(element)))

            def columns(d: Value, _: list[Value]) -> list[Value]:
                def add(p: Value, kept: list[Value]) -> list[Value]:
                    own = code.at(code.at(base, build.mul(p, each)), tail)
                    sums = code.at(code.at(own, build.mul(d, code.i64(4 * together))), 8 * lanes * r)
                    weight = code.splat(code.load(ends(p), F32, 4))
                    two = [code.load(code.at(sums, 4 * lanes * i), code.vector(F32)) for i in range(2)]
                    return [code.fma(weight, found, before) for found, before in zip(two, kept, strict=True)]

                for i, joined in enumerate(code.loop(threads, [code.splat(code.f32(0))] * 2, add)):
                    place = code.at(target, build.mul(build.add(d, code.i64(lanes * i)), code.i64(element)))
                    code.write_row(build.fdiv(joined, total), place, is_wide)
                return []

            code.loop(size, [], columns, 2 * lanes)

        for r in range(together):
            join(r)
        return []

    code.loop(units, [], unit)
    code.finish()
    return machine.compiled(module, "attend", [ctypes.c_void_p] * 6 + [ctypes.c_int64] * 7, vectors)


def _attend_part(module: ir.Module, vectors: Vectors, is_wide: bool, together: int) -> Value:
    """R heads over some of the keys."""
    code = Code(module, "part", [POINTER], vectors.lanes)
    (shared,) = code.arguments
    build, lanes, element = code.build, vectors.lanes, _element(is_wide)
    q, keys, values, pages, room = (code.word(shared, n, POINTER) for n in (QUERY, KEYS, VALUES, PAGES, ROOM))
    parts, tasks, first, count, page = (code.word(shared, n) for n in (PARTS, TASKS, FIRST, COUNT, PAGE))
    num_heads, size, groups, each = (code.word(shared, n) for n in (HEADS, SIZE, GROUPS, ROOM_EACH))

    def part(task: Value) -> None:
        unit, number = build.udiv(task, parts), build.urem(task, parts)
        begin = build.udiv(build.mul(count, number), parts)
        length = build.sub(build.udiv(build.mul(count, build.add(number, code.i64(1))), parts), begin)
        group = build.udiv(build.mul(unit, build.mul(groups, code.i64(together))), num_heads)
        row_bytes = build.mul(build.mul(groups, size), code.i64(element))
        head_bytes = build.mul(build.mul(group, size), code.i64(element))
        own = code.at(room, build.mul(task, each))
        padded = build.add(count, code.i64(16))
        queries = code.at(q, build.mul(build.mul(unit, size), code.i64(together * element)))
        first_place = build.add(first, begin)

        def place_of(key: Value) -> Value:
            place = build.add(first_place, key)
            number = code.load(code.at(pages, build.mul(build.udiv(place, page), code.i64(8))), I64, 8)
            row = build.add(build.mul(number, page), build.urem(place, page))
            return build.add(build.mul(row, row_bytes), head_bytes)

        zero, lowest = code.splat(code.f32(0)), code.splat(code.f32(-3.0e38))
        sums = code.at(own, build.mul(padded, code.i64(4 * together)))
        ends = code.at(sums, build.mul(size, code.i64(4 * together)))
        wide = code.at(ends, 8 * together)
        places = code.at(wide, build.mul(size, code.i64(4 * together)))

        # Queries side by side, vector after vector of each.
        def widen(d: Value, _: list[Value]) -> list[Value]:
            target = code.at(wide, build.mul(d, code.i64(4 * together)))
            for r in range(together):
                place = build.mul(build.add(d, build.mul(size, code.i64(r))), code.i64(element))
                code.store(code.read_row(code.at(queries, place), is_wide), code.at(target, 4 * lanes * r))
            return []

        def clear(d: Value, _: list[Value]) -> list[Value]:
            code.store(zero, code.at(sums, build.mul(d, code.i64(4))))
            return []

        code.loop(size, [], widen, lanes)
        code.loop(build.mul(size, code.i64(together)), [], clear, lanes)
        num_scores = build.mul(length, code.i64(together))
        code.store(lowest, code.at(own, build.mul(build.and_(num_scores, code.i64(-lanes)), code.i64(4))))

        def score(key: Value, _: list[Value]) -> list[Value]:
            place = place_of(key)
            code.store(place, code.at(places, build.mul(key, code.i64(8))), 4)
            row = code.at(keys, place)

            ahead, behind = code.at(row, build.mul(row_bytes, code.i64(AHEAD_ROWS))), code.at(values, place)

            def column(d: Value, totals: list[Value]) -> list[Value]:
                offset = build.mul(d, code.i64(element))
                code.prefetch(code.at(ahead, offset))
                code.prefetch(code.at(behind, offset))
                k = code.read_row(code.at(row, offset), is_wide)
                query = code.at(wide, build.mul(d, code.i64(4 * together)))
                wides = [code.load(code.at(query, 4 * lanes * r), code.vector(F32)) for r in range(together)]
                return [code.fma(q_r, k, total) for q_r, total in zip(wides, totals, strict=True)]

            totals = code.loop(size, [zero] * together, column, lanes)
            code.store(_sums_side_by_side(code, totals), code.at(own, build.mul(key, code.i64(4 * together))), 4)
            return []

        code.loop(length, [], score)

        def score_at(i: Value) -> Value:
            return code.at(own, build.mul(i, code.i64(4)))

        def larger_of(one: Value, other: Value) -> Value:
            return build.select(build.fcmp_ordered(">", one, other), one, other)

        def larger(i: Value, most: list[Value]) -> list[Value]:
            return [larger_of(code.load(score_at(i), code.vector(F32)), most[0])]

        top = _folded(code, code.loop(num_scores, [lowest], larger, lanes)[0], together, larger_of)
        tops = code.shuffle(top, [lane % together for lane in range(lanes)])

        def weigh(i: Value, total: list[Value]) -> list[Value]:
            weight = exp(code, build.fsub(code.load(score_at(i), code.vector(F32)), tops))
            code.store(weight, score_at(i))
            return [build.fadd(total[0], weight)]

        mass = _folded(code, code.loop(num_scores, [zero], weigh, lanes)[0], together, build.fadd)
        code.store(top, ends, 4)
        code.store(mass, code.at(ends, 4 * together), 4)

        def tile(begin: Value, _: list[Value]) -> list[Value]:
            left = build.sub(length, begin)
            some = build.select(build.icmp_signed("<", left, code.i64(TILE)), left, code.i64(TILE))

            def columns(d: Value, _: list[Value]) -> list[Value]:
                totals = code.at(sums, build.mul(d, code.i64(4 * together)))
                own_values = code.at(values, build.mul(d, code.i64(element)))

                def add(number: Value, kept: list[Value]) -> list[Value]:
                    key = build.add(begin, number)
                    row = code.at(own_values, code.load(code.at(places, build.mul(key, code.i64(8))), I64, 4))
                    two = [code.read_row(code.at(row, lanes * element * i), is_wide) for i in range(2)]
                    weights = score_at(build.mul(key, code.i64(together)))
                    added = []
                    for r in range(together):
                        weight = code.splat(code.load(code.at(weights, 4 * r), F32, 4))
                        added += [code.fma(weight, two[i], kept[2 * r + i]) for i in range(2)]
                    return added

                places_of = [code.at(totals, 4 * lanes * i) for i in range(2 * together)]
                before = [code.load(place, code.vector(F32)) for place in places_of]
                for place, total in zip(places_of, code.loop(some, before, add), strict=True):
                    code.store(total, place)
                return []

            code.loop(size, [], columns, 2 * lanes)
            return []

        code.loop(length, [], tile, TILE)

    each_block(code, shared, tasks, code.i64(1), part)
    code.finish()
    code.function.linkage = "internal"
    return code.function


def _folded(code: Code, value: Value, count: int, both: Callable[[Value, Value], Value]) -> Value:
    """A vector folded onto itself until `count` lanes are left."""
    width = value.type.count
    while width > count:
        width //= 2
        value = both(code.shuffle(value, range(width)), code.shuffle(value, range(width, 2 * width)))
    return value


def _sums_side_by_side(code: Code, totals: list[Value]) -> Value:
    """The sums of the lanes of 1, 2, 4 or 8 vectors, as one vector of so many."""
    build, lanes, count = code.build, code.lanes, len(totals)
    width = lanes  # lanes of each vector's part
    while len(totals) > 1:
        half, pairs = len(totals) // 2, []
        for one, other in zip(totals[:half], totals[half:], strict=True):
            # Halves of the parts of one, then those of the other: their sum has parts of half the width.
            starts = range(0, lanes, width)
            low = [s + j for s in starts for j in range(width // 2)]
            high = [s + width // 2 + j for s in starts for j in range(width // 2)]
            both = [*low, *(lanes + place for place in low)], [*high, *(lanes + place for place in high)]
            order = [ir.Constant(code.vector(I32), list(places)) for places in both]
            pairs.append(build.fadd(*(build.shuffle_vector(one, other, places) for places in order)))
        totals, width = pairs, width // 2
    value = totals[0]
    while width > 1:
        size = value.type.count
        starts = range(0, size, width)
        low = [s + j for s in starts for j in range(width // 2)]
        high = [s + width // 2 + j for s in starts for j in range(width // 2)]
        value, width = build.fadd(code.shuffle(value, low), code.shuffle(value, high)), width // 2
    # Halves were taken first from the front and the back of the list: bring the sums back into order.
    order = _order(count)
    return value if count == 1 else code.shuffle(value, [order.index(place) for place in range(count)])


def _order(count: int) -> list[int]:
    """Which vector's sum stands where, after vector i met vector i + n / 2, again and again."""
    lists = [[place] for place in range(count)]
    while len(lists) > 1:
        half = len(lists) // 2
        lists = [[*one, *other] for one, other in zip(lists[:half], lists[half:], strict=True)]
    return lists[0]
