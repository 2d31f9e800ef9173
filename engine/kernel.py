"""The whole module: one exported function that takes blocks of runs through all time.

    run(flat, work, state, next, history, control, times, steps, series, series_map,
        series_count, saves, save_map, save_count, out, stop, blocks, out_size, own, own_places,
        own_count, checked, checked_count, faults) -> i64

- `flat`: doubles, one per element; `work` … `history`: one per run per element
- `control`: initial time, final time, step, saving interval; `times`: one per step, and with
  Runge-Kutta one half-way between, as are the rows of `series`
- `series_map`: rows of five integers: first element, elements, offset in `series`, doubles per
  step, and the kind: 0 the same for all runs, 1 one per run, 2 the same and into `flat`
- `saves`: steps+1 bytes, not zero where values are kept
- `save_map`: rows of three integers: area (0 work, 1 state, 2 flat), first element, elements
- `out`: kept values in order of run, then of time, then of the map; `out_size`: of one block
- `stop`: a byte that ends the runs early when set; the result is the number of blocks begun
- `own`: per block the values of parameters that differ by run, which go to `own_places` of `work`
- `checked`: elements of the state; `faults`: per run 0, or NaN when one of them ended not finite
"""

from __future__ import annotations

from dataclasses import replace

from engine import powers, vectormath
from engine.address import Constants
from engine.ahead import AHEAD
from engine.blocks import BLOCKS
from engine.code import number
from engine.compile import avx512
from engine.driver import COMMON, EULER, TAIL
from engine.emit import ARGUMENTS, Nest
from engine.fuse import Group, functions, stages
from engine.ir import Expr
from engine.order import Phase
from engine.plan import LANES, Plan
from engine.registers import NEXT, ON, SHORT, SPAN, WRITTEN_OUT
from engine.stages import RUNGE_KUTTA, arithmetic
from engine.through import whole_pass, whole_turn


def module(plan: Plan, runs: int) -> str:
    """LLVM IR of a plan for blocks of `runs`: all in one vector, or, where the state stays in
    registers, in several as long as those."""
    constants = Constants()
    width = min(runs, LANES) if plan.short else runs
    parts = []
    directions: dict[int, bool] = {}
    inline = " alwaysinline" if plan.short else ""
    names: dict[Phase, list[str]] = {"constant": [], "initial": [], "step": []}

    def function(name: str, phase: Phase, groups: list[Group]) -> str:
        def write(name: str, part: list[Group], beat: Expr | None = None) -> None:
            nest = Nest(plan, constants, phase, width)
            nest.stride = runs
            nest.loops = WRITTEN_OUT if plan.short else ""
            parts.append(nest.function(name, part, beat))

        if groups[0].turn < 0:
            write(name, groups)
            return name
        for i, part in enumerate(stages(groups)):
            beat = part[0].beat
            if beat is None:
                write(f"{name}.{i}", part)
                continue
            write(f"{name}.{i}.beat", part, beat)
            write(f"{name}.{i}.quiet", part[0].quiet)
            chooser = Nest(plan, constants, phase, width)
            parts.append(chooser.either_form(f"{name}.{i}", beat, inline))
        forth = _is_forth(plan, phase, groups, directions)
        parts.append(whole_pass(name, groups, inline, forth))
        return name

    def calls(part: list[str]) -> str:
        return _calls(part, runs, width, inline=plan.short)

    for phase, groups in plan.phases.items():
        for i, part in enumerate(functions(groups)):
            names[phase].append(function(f"{phase}.{i}", phase, part))
    late = list(names["step"])
    for i, part in enumerate(functions(plan.phases["step"]) if plan.runge_kutta else []):
        if any(s.role == "push" for g in part for s in g.statements):
            late[i] = function(f"stage.{i}", "step", [_without_pushes(g) for g in part])
    sizes = plan.memory.sizes
    driver, step, ahead = COMMON, names["step"], plan.turn
    if plan.runge_kutta:
        driver += RUNGE_KUTTA
    elif ahead >= 0:
        passes = functions(plan.phases["step"])
        driver += AHEAD + whole_turn(step[-1], passes[-1], step[ahead], passes[ahead])
    else:
        driver += EULER
    driver += (SHORT if plan.short else "") + BLOCKS + TAIL
    vector = f"<{runs} x double>" if runs > 1 else "double"
    splat = (
        f"%one = insertelement {vector} poison, double %narrow, i64 0\n"
        f"  %value = shufflevector {vector} %one, {vector} poison, <{runs} x i32> zeroinitializer"
        if runs > 1
        else "%value = fadd double %narrow, -0.0"
    )
    for mark, text in {
        "$WIDTH": str(runs),
        "$VECTOR": vector,
        "$ALIGN": str(8 * runs),
        "$SPLAT": splat,
        "$ARGUMENTS": ARGUMENTS,
        "$FIRST": _calls([*names["constant"], *names["initial"]], runs, width),
        "$STEP": calls(step),
        "$LATE": calls(late),
        "$BEGIN": calls(step[:ahead]),
        "$HEAD": calls(step[ahead : ahead + 1]),
        "$BODY": calls(step[ahead + 1 : -1]),
        "$TAIL": calls(step[-1:]),
        "$FLATBYTES": str(plan.flat * 8),
        "$FLAT": str(plan.flat),
        "$ON": ON[plan.runge_kutta],
        "$NEXT": NEXT[plan.runge_kutta],
        "$ARITHMETIC": arithmetic(plan, runs, width),
        "$INLINE": "alwaysinline" if plan.short else "",
        "$ROWS": "2" if plan.runge_kutta else "1",
        "$ROOM": str(sizes["state"] * runs * (3 if plan.runge_kutta else 1)),
        "$WAY": "short" if plan.short else "one",
        "$SPAN": str(SPAN),
        "$LANES": "\n".join(map(_lane, range(runs))),
        "$STATES": str(sizes["state"] * runs),
        "$BYTES": str(sizes["state"] * runs * 8),
        "$STOCKS": str(plan.memory.stocks * runs),
        "$HELD": str((sizes["state"] - plan.memory.stocks) * runs * 8),
        "$SWAPS": "0" if plan.runge_kutta else "1",
        "$SIXTH": number(1 / 6),
        "$THIRD": number(1 / 3),
    }.items():
        driver = driver.replace(mark, text)
    library = [
        vectormath.library(width),
        powers.library(width, avx512(), constants.powers, constants.waves),
    ]
    return "\n".join([constants.text(), *library, *parts, driver])


def _without_pushes(g: Group) -> Group:
    statements = [s for s in g.statements if s.role != "push"]
    return replace(g, statements=statements, quiet=[_without_pushes(q) for q in g.quiet])


def _calls(functions: list[str], runs: int, width: int, inline: bool = False) -> str:
    """Calls of functions for one vector of a block after the other, so that what a vector needs
    can stay in registers, while the processor begins with the next before the last is done."""
    lines = []
    for first in range(0, runs, width):
        areas = []
        for area in ("%work", "%state", "%next", "%history"):
            areas.append(f"{area}.{first}")
            lines.append(f"  {areas[-1]} = getelementptr double, ptr {area}, i64 {first}")
        work, state, then, history = areas
        given = f"ptr %flat, ptr {work}, ptr {state}, ptr {then}, ptr {history}, ptr %control"
        for name in functions:
            call = f"  call void @{name}({given}, double %time, i64 %step)"
            lines.append(f"{call} alwaysinline" if inline else call)
    return "\n".join(lines)


def _lane(lane: int) -> str:
    """Copies one element of one run to the results, and goes on to the next run."""
    return f"""  %value.{lane} = load double, ptr %from.{lane}, align 8
  store double %value.{lane}, ptr %to.{lane}, align 8
  %from.{lane + 1} = getelementptr double, ptr %from.{lane}, i64 %lane
  %to.{lane + 1} = getelementptr double, ptr %to.{lane}, i64 %stride"""


def _is_forth(plan: Plan, phase: Phase, groups: list[Group], last: dict[int, bool]) -> bool:
    """The direction of a pass, the other one than of the `last` of its length: it so begins with
    what is still in the nearest cache. Those of what is the same for all runs do not count."""
    slots = [plan.memory.slot(s.name, phase) for g in groups for s in g.statements]
    size = groups[0].sizes[0]
    if any(slot is not None and slot.area != "flat" for slot in slots):
        last[size] = not last.get(size, False)
    return last.get(size, True)
