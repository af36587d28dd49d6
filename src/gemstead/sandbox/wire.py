"""Plain data to bytes and back, for two processes of which one is hostile.

Values walk in on one side; exact built-in types walk out on the other, never code. One byte names the kind, lengths are
unsigned 32-bit big-endian:

    N T F        None, True, False
    i n bytes    int, two's complement, big-endian
    f 8 bytes    float, IEEE 754 double (NaN, infinities and -0.0 included)
    c 16 bytes   complex
    s n bytes    str, UTF-8 with lone surrogates passed through
    b n bytes    bytes
    D n bytes    Decimal as text
    Q value value  Fraction as two ints
    l t S Z n values   list, tuple, set, frozenset
    d n (key value)*   dict
    A kind n bytes doubles   list or tuple (kind l or t) of n plain ints and floats that doubles hold exactly: a byte
                       each, 1 for a float, then the numbers, little-endian
    I flag n values    an iterable that is none of the above; flag is its truth
    o n bytes    anything else; the bytes name its type for people
"""

from __future__ import annotations

import array
import collections
import enum
import re
import struct
import sys
from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any, ClassVar, NoReturn

MAX_DEPTH = 100
MIN_ROW = 16
"""A row of numbers this long travels as one block: a million of them in 0.1 s instead of 2 s."""
MAX_EXPONENT = 5000
"""Decimals beyond 10**±5000 would make `int()` of them cost memory without bound."""

_LENGTH = struct.Struct(">I")
_FLOAT = struct.Struct(">d")


class WireError(ValueError):
    """Bytes that are no message, or a value that may not travel."""


class OpaqueUse(Exception):
    """A check touched a value that is not plain data."""


class Opaque:
    """Stands for a value that is not plain data: whatever is asked of it raises `OpaqueUse`.

    It says yes to nothing, so a check that meets one cannot end well by accident.
    """

    __slots__ = ("kind",)

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def __repr__(self) -> str:
        return f"<value of type {self.kind}>"


def _refuse(self: Opaque, *args: object, **named: object) -> NoReturn:
    raise OpaqueUse(f"the answer returned a value of type {self.kind}, which is not plain data")


for _name in (
    "eq ne lt le gt ge hash bool len iter next reversed contains getitem setitem delitem call int float complex index "
    "str format bytes round trunc floor ceil abs neg pos invert add radd sub rsub mul rmul truediv rtruediv floordiv "
    "rfloordiv mod rmod divmod rdivmod pow rpow matmul rmatmul and rand or ror xor rxor lshift rlshift rshift rrshift "
    "enter exit"
).split():
    setattr(Opaque, f"__{_name}__", _refuse)


class Snapshot(Opaque):
    """What an iterator, range, deque or view would yield, taken where it was made. Like them it equals no list."""

    __slots__ = ("_items", "_truth")

    def __init__(self, items: list[object], truth: bool) -> None:
        super().__init__("iterable")
        self._items = items
        self._truth = truth

    def __iter__(self) -> Iterator[object]:
        return iter(self._items)

    def __len__(self) -> int:
        raise TypeError("an iterable has no len()")  # what `tuple` and `list` expect of one

    def __bool__(self) -> bool:
        return self._truth


# Classes of the standard library that override equality or hashing and are honest about it.
_HONEST = {
    collections.Counter,
    collections.OrderedDict,
    enum.Enum,
    enum.IntEnum,
    enum.StrEnum,
    enum.Flag,
    enum.IntFlag,
    enum.ReprEnum,
    object,
}
_SIZED = {
    range,
    bytearray,
    memoryview,
    collections.deque,
    array.array,
    type({}.keys()),
    type({}.values()),
    type({}.items()),
}
_STREAMS = {
    map,
    filter,
    zip,
    enumerate,
    reversed,
    type(_ for _ in ()),
    *map(type, map(iter, ([], (), "", b"", {}, set()))),
}
_SEQUENCES: dict[type, tuple[bytes, Any]] = {
    list: (b"l", list.__iter__),
    tuple: (b"t", tuple.__iter__),
    set: (b"S", set.__iter__),
    frozenset: (b"Z", frozenset.__iter__),
}
_HASHED = (b"S", b"Z")
_SCALARS = (int, float, complex, str, bytes, Decimal, Fraction)
_PLAIN = {bool, *_SCALARS, *_SEQUENCES, dict}
_IS_FLOAT = {int: 0, float: 1}.__getitem__
_mro_of = type.__dict__["__mro__"].__get__
_names_of = type.__dict__["__dict__"].__get__


def _plain_base(kind: type) -> type | None:
    """The built-in type a value of `kind` may travel as, or None when its class has its own idea of equality."""
    if kind in _PLAIN:
        return kind
    for cls in _mro_of(kind):
        if cls in _PLAIN:
            return cls  # type: ignore[no-any-return]
        if cls not in _HONEST and any(name in _names_of(cls) for name in ("__eq__", "__ne__", "__hash__")):
            return None
    return None


def _sized(tag: bytes, body: bytes) -> bytes:
    return tag + _LENGTH.pack(len(body)) + body


def _scalar(value: Any, base: type) -> bytes:
    """Encode one value by the methods of `base` itself, so that a subclass has no say."""
    if base is int:
        return _sized(b"i", int.to_bytes(value, int.bit_length(value) // 8 + 1, "big", signed=True))
    if base is float:
        return b"f" + _FLOAT.pack(value)
    if base is complex:
        part_of = complex.__dict__
        return b"c" + _FLOAT.pack(part_of["real"].__get__(value)) + _FLOAT.pack(part_of["imag"].__get__(value))
    if base is str:
        return _sized(b"s", str.encode(value, "utf-8", "surrogatepass"))
    if base is bytes:
        return _sized(b"b", bytes.__getitem__(value, slice(None)))
    if base is Decimal:
        return _sized(b"D", Decimal.__str__(value).encode("ascii"))
    return b"Q" + _scalar(value.numerator, int) + _scalar(value.denominator, int)


class Encoder:
    """Turns values into bytes, up to a size and a count.

    Args:
        max_bytes: Longest message.
        max_items: Most values in it, counted at every depth.
    """

    def __init__(self, max_bytes: int, max_items: int) -> None:
        self.max_bytes = max_bytes
        self.max_items = max_items

    def encode(self, value: object, after: bytes = b"") -> bytes:
        """Encode one value.

        Args:
            value: Whatever.
            after: What comes before it, encoded already, and is handed back with it: all of a tuple but its last value.

        Raises:
            WireError: it is too large, too deep or holds itself.
        """
        self._parts: list[bytes] = [after]
        self._num_bytes, self._num_items = len(after), 0
        self._write(value, 1 if after else 0)
        return b"".join(self._parts)

    def _put(self, part: bytes) -> None:
        self._num_bytes += len(part)
        if self._num_bytes > self.max_bytes:
            raise WireError(f"a message may hold {self.max_bytes} bytes, this one is longer")
        self._parts.append(part)

    def _write(self, value: Any, depth: int) -> None:
        self._num_items += 1
        if self._num_items > self.max_items:
            raise WireError(f"a message may hold {self.max_items} values, this one holds more")
        if depth > MAX_DEPTH:
            raise WireError(f"values may nest {MAX_DEPTH} deep, this one is deeper")
        value = _unboxed(value)
        if value is None or value is True or value is False:
            self._put(b"N" if value is None else b"T" if value else b"F")
            return
        base = _plain_base(type(value))
        if base in _SEQUENCES:
            self._write_sequence(value, base, depth)
        elif base is dict:
            self._write_dict(value, depth)
        elif base is not None:
            self._put(_scalar(value, base))
        else:
            self._write_other(value, depth)

    def _write_items(self, head: bytes, items: Any, depth: int) -> None:
        place = len(self._parts)
        self._put(head + _LENGTH.pack(0))
        count = 0
        for item in items:
            self._write(item, depth + 1)
            count += 1
        self._parts[place] = head + _LENGTH.pack(count)

    def _write_sequence(self, value: Any, base: type, depth: int) -> None:
        tag, items_of = _SEQUENCES[base]
        if type(value) in (list, tuple) and len(value) >= MIN_ROW and (row := _row(value)) is not None:
            self._num_items += len(value)
            if self._num_items > self.max_items:
                raise WireError(f"a message may hold {self.max_items} values, this one holds more")
            self._put(b"A" + tag + _LENGTH.pack(len(value)) + row)
        elif tag in _HASHED and not all(_is_hashable_plain(item) for item in items_of(value)):
            self._put(_opaque(type(value)))
        else:
            self._write_items(tag, items_of(value), depth)

    def _write_dict(self, value: Any, depth: int) -> None:
        pairs = list(dict.items(value))
        if not all(_is_hashable_plain(key) for key, _ in pairs):
            self._put(_opaque(type(value)))
            return
        self._put(b"d" + _LENGTH.pack(len(pairs)))
        for key, item in pairs:
            self._write(key, depth + 1)
            self._write(item, depth + 1)

    def _write_other(self, value: Any, depth: int) -> None:
        kind = type(value)
        if kind in _SIZED:
            self._write_items(b"IT" if len(value) else b"IF", value, depth)
        elif kind in _STREAMS:
            self._write_items(b"IT", value, depth)
        elif kind is re.Match:
            self._write_items(b"IT", (), depth)
        else:
            self._put(_opaque(kind))


def _row(numbers: Any) -> bytes | None:
    """The numbers of a list or tuple as one block, if all are plain ints and floats that a double holds exactly."""
    kinds = set(map(type, numbers))
    if not kinds <= {int, float}:
        return None
    try:
        doubles = array.array("d", numbers)
    except OverflowError:
        return None
    if int in kinds and doubles.tolist() != list(numbers):  # an int was rounded, or a NaN needs the long way
        return None
    is_float = bytes(map(_IS_FLOAT, map(type, numbers)))
    if sys.byteorder == "big":
        doubles.byteswap()
    return is_float + doubles.tobytes()


def _unboxed(value: Any) -> Any:
    """The Python number inside a numpy scalar; anything else as it is."""
    boxed = getattr(sys.modules.get("numpy"), "generic", None)
    is_boxed = isinstance(boxed, type) and isinstance(value, boxed)
    return value.item() if is_boxed else value


def _is_hashable_plain(value: Any) -> bool:
    """Whether a member of a set or a key travels as plain data; members that do not make their container opaque."""
    value = _unboxed(value)
    if value is None or value is True or value is False:
        return True
    base = _plain_base(type(value))
    if base is tuple:
        return all(map(_is_hashable_plain, tuple.__iter__(value)))
    return base in _SCALARS or base is frozenset


def _opaque(kind: type) -> bytes:
    name = type.__dict__["__name__"].__get__(kind)
    return _sized(b"o", str.encode(name[:80], "utf-8", "replace"))


def decode(data: bytes, *, max_items: int) -> object:
    """Rebuild the one value that `data` holds.

    Args:
        data: A whole message.
        max_items: Most values it may hold.

    Raises:
        WireError: the bytes are no message, or one beyond the caps.
    """
    reader = _Reader(data, max_items)
    try:
        value = reader.value(0)
    except WireError:
        raise
    except (struct.error, IndexError, TypeError, ValueError, ArithmeticError, OpaqueUse) as error:
        raise WireError(f"not a message: {error}") from None
    if reader.at != len(data):
        raise WireError(f"a message of {reader.at} bytes is followed by {len(data) - reader.at} more")
    return value


class _Reader:
    def __init__(self, data: bytes, max_items: int) -> None:
        self.data = data
        self.at = 0
        self.left = max_items

    def take(self, count: int) -> bytes:
        piece = self.data[self.at : self.at + count]
        if len(piece) != count:
            raise WireError(f"a message ends {count - len(piece)} bytes early")
        self.at += count
        return piece

    def length(self) -> int:
        (length,) = _LENGTH.unpack(self.take(4))
        return int(length)

    def sized(self) -> bytes:
        return self.take(self.length())

    def double(self) -> float:
        (number,) = _FLOAT.unpack(self.take(8))
        return float(number)

    def decimal(self) -> object:
        text = self.sized()
        number = Decimal(text.decode("ascii"))
        return number if not number.is_finite() or abs(number.adjusted()) <= MAX_EXPONENT else Opaque("Decimal")

    def fraction(self, depth: int) -> Fraction:
        top, bottom = self.value(depth + 1), self.value(depth + 1)
        if type(top) is not int or type(bottom) is not int:
            raise WireError("a fraction is made of two ints")
        return Fraction(top, bottom)

    def values(self, depth: int) -> list[object]:
        count = self.length()
        if count > self.left:
            raise WireError("a message holds more values than it may")
        return [self.value(depth + 1) for _ in range(count)]

    def pairs(self, depth: int) -> dict[object, object]:
        count = self.length()
        if 2 * count > self.left:
            raise WireError("a message holds more values than it may")
        return {self.value(depth + 1): self.value(depth + 1) for _ in range(count)}

    def row(self) -> object:
        kind, count = self.take(1), self.length()
        if kind not in (b"l", b"t") or count > self.left:
            raise WireError("a row is no list or tuple, or holds more values than it may")
        self.left -= count
        is_float = self.take(count)
        doubles = array.array("d")
        doubles.frombytes(self.take(count * _FLOAT.size))
        if sys.byteorder == "big":
            doubles.byteswap()
        numbers: list[Any] = doubles.tolist()
        if 0 in is_float:
            numbers = [x if flag else int(x) for x, flag in zip(numbers, is_float, strict=True)]
        return tuple(numbers) if kind == b"t" else numbers

    def snapshot(self, depth: int) -> Snapshot:
        truth = self.take(1) == b"T"
        return Snapshot(self.values(depth), truth)

    def value(self, depth: int) -> object:
        self.left -= 1
        if self.left < 0 or depth > MAX_DEPTH:
            raise WireError("a message holds more values, or deeper ones, than it may")
        tag = self.take(1)
        if tag not in self.KINDS:
            raise WireError(f"no kind of value is called {tag!r}")
        return self.KINDS[tag](self, depth)

    KINDS: ClassVar[dict[bytes, Callable[[_Reader, int], object]]] = {
        b"N": lambda self, depth: None,
        b"T": lambda self, depth: True,
        b"F": lambda self, depth: False,
        b"i": lambda self, depth: int.from_bytes(self.sized(), "big", signed=True),
        b"f": lambda self, depth: self.double(),
        b"c": lambda self, depth: complex(self.double(), self.double()),
        b"s": lambda self, depth: self.sized().decode("utf-8", "surrogatepass"),
        b"b": lambda self, depth: self.sized(),
        b"D": lambda self, depth: self.decimal(),
        b"Q": lambda self, depth: self.fraction(depth),
        b"l": lambda self, depth: self.values(depth),
        b"t": lambda self, depth: tuple(self.values(depth)),
        b"S": lambda self, depth: set(self.values(depth)),
        b"Z": lambda self, depth: frozenset(self.values(depth)),
        b"d": lambda self, depth: self.pairs(depth),
        b"A": lambda self, depth: self.row(),
        b"I": lambda self, depth: self.snapshot(depth),
        b"o": lambda self, depth: Opaque(self.sized().decode("utf-8", "replace")),
    }
