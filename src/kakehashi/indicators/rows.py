"""Operations on rows of `LANES` doubles as vectors, which LLVM cuts to the width of whatever processor there is.

Left to itself the compiler goes number by number, as it cannot know that two rows are apart: five times slower. Each
is a Numba intrinsic: the outer function types it, `generate` writes its code. A mask is a word with one bit for each
lane. Sums are taken in one order, so the width of the processor changes no bit.
"""

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

LANES = 32

# Beyond this a number of paths is taken as infinite: its reciprocal would lose digits.
MOST_PATHS = 1e300

_DOUBLE = ir.DoubleType()
_ROW = ir.VectorType(_DOUBLE, LANES)
_MASK = ir.VectorType(ir.IntType(1), LANES)


def _address(context: Any, builder: Any, kind: Any, value: Any, row: Any, pointer: Any) -> Any:
    """Generate the address of the first number of a row."""
    array = context.make_array(kind)(context, builder, value)
    places = [row, ir.Constant(row.type, 0)]
    address = cgutils.get_item_pointer(context, builder, kind, array, places, wraparound=False)
    return builder.bitcast(address, pointer)


def _rows(context: Any, builder: Any, signature: Any, arguments: Any, *pairs: tuple[int, int]) -> list[Any]:
    """Generate the addresses of rows, each given by the places of its array and its number among the arguments."""
    pointer = _ROW.as_pointer()
    return [
        _address(context, builder, signature.args[array], arguments[array], arguments[row], pointer)
        for array, row in pairs
    ]


def _spread(builder: Any, value: Any) -> Any:
    """Generate a row of one number."""
    one = builder.insert_element(ir.Constant(_ROW, ir.Undefined), value, ir.Constant(ir.IntType(32), 0))
    return builder.shuffle_vector(one, one, ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES))


def _total(builder: Any, row: Any) -> Any:
    """Generate the sum of a row, always halved in the same way."""
    width = LANES
    while width > 1:
        width //= 2
        index = ir.VectorType(ir.IntType(32), width)
        low = builder.shuffle_vector(row, row, ir.Constant(index, list(range(width))))
        high = builder.shuffle_vector(row, row, ir.Constant(index, list(range(width, 2 * width))))
        row = builder.fadd(low, high)
    return builder.extract_element(row, ir.Constant(ir.IntType(32), 0))


@intrinsic
def add(context, target, to, source, of):
    """target[to] += source[of]."""

    def generate(context, builder, signature, arguments):
        into, addend = _rows(context, builder, signature, arguments, (0, 1), (2, 3))
        builder.store(builder.fadd(builder.load(into, align=8), builder.load(addend, align=8)), into, align=8)
        return context.get_dummy_value()

    return types.void(target, types.intp, source, types.intp), generate


@intrinsic
def clear(context, target, row):
    """target[row] = 0."""

    def generate(context, builder, signature, arguments):
        (into,) = _rows(context, builder, signature, arguments, (0, 1))
        builder.store(ir.Constant(_ROW, None), into, align=8)
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
        for offset in range(0, LANES * 8, 64):
            builder.call(prefetch, [builder.gep(start, [ir.Constant(number, offset)]), *hints])
        return context.get_dummy_value()

    return types.void(array, types.intp), generate


@intrinsic
def count(context, arriving, paths, row, mask, times):
    """Keep the paths that arrive in the lanes of `mask`: paths[row] += them, arriving[row] = times * them."""

    def generate(context, builder, signature, arguments):
        new, known = _rows(context, builder, signature, arguments, (0, 2), (1, 2))
        here = builder.bitcast(arguments[3], _MASK)
        number = builder.select(here, builder.load(new, align=8), ir.Constant(_ROW, None))
        most, endless = (_spread(builder, ir.Constant(_DOUBLE, value)) for value in (MOST_PATHS, float("inf")))
        number = builder.select(builder.fcmp_ordered(">", number, most), endless, number)
        builder.store(builder.fadd(builder.load(known, align=8), number), known, align=8)
        builder.store(builder.fmul(number, _spread(builder, arguments[4])), new, align=8)
        return context.get_dummy_value()

    return types.void(arriving, paths, types.intp, types.uint32, types.float64), generate


@intrinsic
def depend(context, offers, paths, row, mask, weight, times, strengths):
    """Turn what the next level offers a node into its dependency d = offers[row] * paths[row] in the lanes of `mask`.

    offers[row] becomes what the node offers itself, (weight + times * d) / paths[row], and 0 outside the mask.
    Returns the sum of d * strengths[0].
    """

    def generate(context, builder, signature, arguments):
        first = ir.Constant(arguments[2].type, 0)
        offer, known = _rows(context, builder, signature, arguments, (0, 2), (1, 2))
        strength = _address(context, builder, signature.args[6], arguments[6], first, _ROW.as_pointer())
        here, nothing = builder.bitcast(arguments[3], _MASK), ir.Constant(_ROW, None)
        number = builder.load(known, align=8)
        dependency = builder.select(here, builder.fmul(builder.load(offer, align=8), number), nothing)
        passed = builder.fadd(_spread(builder, arguments[4]), builder.fmul(_spread(builder, arguments[5]), dependency))
        builder.store(builder.select(here, builder.fdiv(passed, number), nothing), offer, align=8)
        return _total(builder, builder.fmul(dependency, builder.load(strength, align=8)))

    arguments = (offers, paths, types.intp, types.uint32, types.float64, types.float64, strengths)
    return types.float64(*arguments), generate
