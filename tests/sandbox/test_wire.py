from __future__ import annotations

import collections
import contextlib
import enum
import math
import struct
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gemstead.sandbox.wire import MAX_DEPTH, Encoder, Opaque, OpaqueUse, Snapshot, WireError, decode

MAX_BYTES, MAX_ITEMS = 1 << 20, 10_000


def encode(value: object) -> bytes:
    return Encoder(MAX_BYTES, MAX_ITEMS).encode(value)


def there_and_back(value: object) -> Any:
    return decode(encode(value), max_items=MAX_ITEMS)


texts = st.text(st.characters(codec=None, exclude_categories=()))
numbers = st.integers() | st.floats(allow_nan=False) | st.complex_numbers(allow_nan=False) | st.booleans()
exact = st.decimals(allow_nan=False, allow_infinity=False, places=3) | st.fractions()
scalars = st.none() | numbers | texts | st.binary() | exact
hashables = st.recursive(
    scalars, lambda inner: st.tuples(inner, inner) | st.frozensets(inner, max_size=3), max_leaves=4
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner, inner)
        | st.dictionaries(hashables, inner, max_size=3)
        | st.sets(hashables, max_size=3)
    ),
    max_leaves=12,
)


def same(one: Any, other: Any) -> bool:
    if type(one) is not type(other):
        return False
    if isinstance(one, (list, tuple)):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, float):
        return struct.pack(">d", one) == struct.pack(">d", other)
    return bool(one == other)


@settings(max_examples=200, deadline=None)
@given(values)
def test_plain_data_comes_back_as_the_same_exact_types(value: object) -> None:
    assert same(there_and_back(value), value)


@pytest.mark.parametrize("value", [math.nan, -math.nan, math.inf, -0.0, 5e-324, 1.7976931348623157e308])
def test_floats_keep_every_bit(value: float) -> None:
    assert struct.pack(">d", there_and_back(value)) == struct.pack(">d", value)


@pytest.mark.parametrize("value", [0, -1, 127, 128, -128, -129, 2**64, -(2**64), 10**4000, True, False])
def test_integers_of_any_size_travel(value: int) -> None:
    assert there_and_back(value) == value
    assert type(there_and_back(value)) is type(value)


rows = st.lists(st.integers(-(2**60), 2**60) | st.floats() | st.booleans() | st.none(), min_size=16, max_size=40)


@settings(max_examples=200, deadline=None)
@given(rows | st.lists(st.floats() | st.integers(0, 9), min_size=16, max_size=40))
def test_long_rows_of_numbers_keep_types_and_bits(row: list[object]) -> None:
    assert same(there_and_back(row), row)
    assert same(there_and_back((tuple(row), [row])), (tuple(row), [row]))


def test_a_long_row_of_numbers_travels_as_one_block() -> None:
    assert encode([1, 2.5] * 500)[:2] == b"Al"
    assert encode((1,) * 16)[:2] == b"At"
    for plain in ([2**53 + 1] * 16, [10**400] * 16, [True] * 16, [math.nan, 1] * 8, [1] * 15):
        assert encode(plain)[:1] == b"l"
    with pytest.raises(WireError, match="holds more"):
        decode(encode([0] * 20), max_items=20)


def test_honest_subclasses_become_their_base() -> None:
    class Colour(enum.IntEnum):
        RED = 3

    class Text(str):
        __slots__ = ()

    Point = collections.namedtuple("Point", "x y")
    assert same(there_and_back(collections.Counter("aab")), {"a": 2, "b": 1})
    assert same(there_and_back(collections.OrderedDict(a=1)), {"a": 1})
    assert same(there_and_back(collections.defaultdict(list, a=[1])), {"a": [1]})
    assert same(there_and_back(Point(1, 2)), (1, 2))
    assert same(there_and_back(Colour.RED), 3)
    assert same(there_and_back(Text("x")), "x")


def test_numpy_scalars_become_numbers() -> None:
    numpy = pytest.importorskip("numpy")
    assert same(there_and_back([numpy.int64(3), numpy.float64(0.5), numpy.bool_(True)]), [3, 0.5, True])


@pytest.mark.parametrize("base", [int, float, str, bytes, list, tuple, dict, set, frozenset, object, Decimal])
def test_a_type_with_its_own_equality_is_opaque(base: type) -> None:
    hostile = type("Yes", (base,), {"__eq__": lambda *_: True, "__hash__": None})
    assert type(there_and_back(hostile())) is Opaque


def test_an_opaque_value_says_yes_to_nothing() -> None:
    value = there_and_back(object())
    for use in (
        lambda: value == 1,
        lambda: value != 1,
        lambda: [value] == [1],
        lambda: bool(value),
        lambda: not value,
        lambda: value < 1,
        lambda: abs(value - 1),
        lambda: list(value),
        lambda: len(value),
        lambda: hash(value),
        lambda: value in [1],
        lambda: value(),
        lambda: value[0],
        lambda: int(value),
    ):
        with pytest.raises(OpaqueUse):
            use()


def test_iterables_can_be_gone_through_but_equal_nothing() -> None:
    value = there_and_back(iter([1, 2]))
    assert isinstance(value, Snapshot)
    assert tuple(value) == (1, 2)
    with pytest.raises(OpaqueUse):
        assert value == [1, 2]
    assert not there_and_back(range(0))
    assert there_and_back(collections.deque([1]))


def test_a_container_that_hashes_opaque_values_is_opaque() -> None:
    assert type(there_and_back({object(): 1})) is Opaque
    assert type(there_and_back({object()})) is Opaque
    assert type(there_and_back({(1, object())})) is Opaque


def test_depth_count_and_size_are_capped_where_values_are_made() -> None:
    deep: list[object] = []
    for _ in range(MAX_DEPTH + 2):
        deep = [deep]
    cycle: list[object] = []
    cycle.append(cycle)
    for value in (deep, cycle, [0] * (MAX_ITEMS + 1), "x" * (MAX_BYTES + 1), 1 << (8 * MAX_BYTES)):
        with pytest.raises(WireError):
            encode(value)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"z",
        b"i",
        b"i\0\0\0\xff",
        b"s\0\0\0\x01\xff",
        b"l\xff\xff\xff\xff",
        b"d\xff\xff\xff\xff",
        b"l\0\0\0\x01" * 5000 + b"N",
        b"NN",
        b"D\0\0\0\x01x",
        b"Qi\0\0\0\x01\x01i\0\0\0\x01\0",
        b"QNN",
        b"S\0\0\0\x01l\0\0\0\0",
        b"d\0\0\0\x01l\0\0\0\0N",
        b"S\0\0\0\x01o\0\0\0\0",
        b"I",
        b"f\0",
        b"A",
        b"Al\0\0\0\x01\x01",
        b"AS\0\0\0\0",
        b"Al\xff\xff\xff\xff",
        b"Al\0\0\0\x01\0" + struct.pack("<d", math.nan),
        b"Al\0\0\0\x01\0" + struct.pack("<d", math.inf),
    ],
)
def test_malformed_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(WireError):
        decode(data, max_items=MAX_ITEMS)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_do_more_than_be_refused(data: bytes) -> None:
    with contextlib.suppress(WireError):
        decode(data, max_items=MAX_ITEMS)


@settings(max_examples=200, deadline=None)
@given(values, st.integers(0, 10_000), st.integers(0, 255))
def test_a_flipped_byte_never_escapes_as_another_error(value: object, place: int, byte: int) -> None:
    data = bytearray(encode(value))
    data[place % len(data)] = byte
    with contextlib.suppress(WireError):
        decode(bytes(data), max_items=MAX_ITEMS)


def test_a_decimal_with_a_huge_exponent_is_opaque() -> None:
    assert type(there_and_back(Decimal("1e9999999"))) is Opaque
    assert there_and_back(Decimal("1e20")) == Decimal("1e20")
    assert there_and_back(Fraction(1, 3)) == Fraction(1, 3)
