"""Operations on rows of numbers as vectors, which LLVM cuts to the width of whatever processor there is.

A row has `BYTES`: 32 doubles, or 64 floats, as the arrays given have it. Left to itself the compiler goes number by
number, as it cannot know that two rows are apart: five times slower. Each is a Numba intrinsic: the outer function
types it, `generate` writes its code. A mask is a word with one bit for each lane. Sums are taken in one order, so the
width of the processor changes no bit.
"""

from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from kakehashi.settings import Precision

BYTES = 256

NUMBERS = {"double": np.float64, "single": np.float32}

WORDS = {"double": np.uint32, "single": np.uint64}
"""The type of a mask, one bit for each lane."""

# Beyond this a number of paths is taken as infinite: its reciprocal would lose digits.
_MOST_PATHS = {"double": 1e300, "single": 1e30}


def lanes(precision: Precision) -> int:
    """Return how many numbers a row holds."""
    return BYTES // np.dtype(NUMBERS[precision]).itemsize


class _Row:
    """The types of a row of an array's numbers."""

    def __init__(self, array: Any) -> None:
        self.precision: Precision = "double" if array.dtype == types.float64 else "single"
        self.number = ir.DoubleType() if self.precision == "double" else ir.FloatType()
        self.align = array.dtype.bitwidth // 8
        self.lanes = BYTES // self.align
        self.vector = ir.VectorType(self.number, self.lanes)
        self.mask = ir.VectorType(ir.IntType(1), self.lanes)
        self.word = types.uint32 if self.precision == "double" else types.uint64
        self.zero = ir.Constant(self.vector, None)

    def load(self, builder: Any, address: Any) -> Any:
        return builder.load(address, align=self.align)

    def store(self, builder: Any, value: Any, address: Any) -> None:
        builder.store(value, address, align=self.align)

    def spread(self, builder: Any, value: Any) -> Any:
        """Generate a row of one number, given as a double."""
        narrow = value if self.precision == "double" else builder.fptrunc(value, self.number)
        one = builder.insert_element(ir.Constant(self.vector, ir.Undefined), narrow, ir.Constant(ir.IntType(32), 0))
        return builder.shuffle_vector(one, one, _places([0] * self.lanes))

    def total(self, builder: Any, row: Any) -> Any:
        """Generate the sum of a row as a double, always halved in the same way."""
        width = self.lanes
        while width > 1:
            width //= 2
            low = builder.shuffle_vector(row, row, _places(range(width)))
            high = builder.shuffle_vector(row, row, _places(range(width, 2 * width)))
            row = builder.fadd(low, high)
        found = builder.extract_element(row, ir.Constant(ir.IntType(32), 0))
        return found if self.precision == "double" else builder.fpext(found, ir.DoubleType())


def _places(numbers: Any) -> Any:
    chosen = list(numbers)
    return ir.Constant(ir.VectorType(ir.IntType(32), len(chosen)), chosen)


def _address(context: Any, builder: Any, kind: Any, value: Any, row: Any, pointer: Any) -> Any:
    """Generate the address of the first number of a row."""
    array = context.make_array(kind)(context, builder, value)
    places = [row, ir.Constant(row.type, 0)]
    address = cgutils.get_item_pointer(context, builder, kind, array, places, wraparound=False)
    return builder.bitcast(address, pointer)


def _rows(context: Any, builder: Any, signature: Any, arguments: Any, *pairs: tuple[int, int]) -> list[Any]:
    """Generate the addresses of rows, each given by the places of its array and its number among the arguments."""
    return [
        _address(
            context, builder, signature.args[array], arguments[array], arguments[row],
            _Row(signature.args[array]).vector.as_pointer(),
        )
        for array, row in pairs
    ]  # fmt: skip


@intrinsic
def add(context, target, to, source, of):
    """target[to] += source[of]."""

    def generate(context, builder, signature, arguments):
        into, addend = _rows(context, builder, signature, arguments, (0, 1), (2, 3))
        kind = _Row(target)
        kind.store(builder, builder.fadd(kind.load(builder, into), kind.load(builder, addend)), into)
        return context.get_dummy_value()

    return types.void(target, types.intp, source, types.intp), generate


@intrinsic
def clear(context, target, row):
    """target[row] = 0."""

    def generate(context, builder, signature, arguments):
        (into,) = _rows(context, builder, signature, arguments, (0, 1))
        kind = _Row(target)
        kind.store(builder, kind.zero, into)
        return context.get_dummy_value()

    return types.void(target, types.intp), generate


@intrinsic
def fetch(context, array, row):
    """Ask for the memory of array[row] ahead of its use: the processor cannot guess it."""

    def generate(context, builder, signature, arguments):
        byte, number = ir.IntType(8).as_pointer(), ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [byte, number, number, number])
        prefetch = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0i8")
        hints = [ir.Constant(number, hint) for hint in (0, 3, 1)]  # to read; keep in every cache; data
        start = _address(context, builder, signature.args[0], arguments[0], arguments[1], byte)
        for offset in range(0, BYTES, 64):
            builder.call(prefetch, [builder.gep(start, [ir.Constant(number, offset)]), *hints])
        return context.get_dummy_value()

    return types.void(array, types.intp), generate


@intrinsic
def count(context, arriving, paths, row, mask, times):
    """Keep the paths that arrive in the lanes of `mask`: paths[row] += them, arriving[row] = times * them."""
    kind = _Row(paths)

    def generate(context, builder, signature, arguments):
        new, known = _rows(context, builder, signature, arguments, (0, 2), (1, 2))
        here = builder.bitcast(arguments[3], kind.mask)
        number = builder.select(here, kind.load(builder, new), kind.zero)
        most = ir.Constant(kind.vector, [_MOST_PATHS[kind.precision]] * kind.lanes)
        endless = ir.Constant(kind.vector, [float("inf")] * kind.lanes)
        number = builder.select(builder.fcmp_ordered(">", number, most), endless, number)
        kind.store(builder, builder.fadd(kind.load(builder, known), number), known)
        kind.store(builder, builder.fmul(number, kind.spread(builder, arguments[4])), new)
        return context.get_dummy_value()

    return types.void(arriving, paths, types.intp, kind.word, types.float64), generate


@intrinsic
def depend(context, offers, paths, row, mask, weight, times, strengths):
    """Turn what the next level offers a node into its dependency d = offers[row] * paths[row] in the lanes of `mask`.

    offers[row] becomes what the node offers itself, (weight + times * d) / paths[row], and 0 outside the mask.
    Returns the sum of d * strengths[0].
    """
    kind = _Row(paths)

    def generate(context, builder, signature, arguments):
        first = ir.Constant(arguments[2].type, 0)
        offer, known = _rows(context, builder, signature, arguments, (0, 2), (1, 2))
        strength = _address(context, builder, signature.args[6], arguments[6], first, kind.vector.as_pointer())
        here, number = builder.bitcast(arguments[3], kind.mask), kind.load(builder, known)
        weight, times = (kind.spread(builder, argument) for argument in arguments[4:6])
        dependency = builder.select(here, builder.fmul(kind.load(builder, offer), number), kind.zero)
        passed = builder.fadd(weight, builder.fmul(times, dependency))
        kind.store(builder, builder.select(here, builder.fdiv(passed, number), kind.zero), offer)
        return kind.total(builder, builder.fmul(dependency, kind.load(builder, strength)))

    arguments = (offers, paths, types.intp, kind.word, types.float64, types.float64, strengths)
    return types.float64(*arguments), generate
