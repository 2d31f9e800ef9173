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

from engine.address import Constants
from engine.blocks import BLOCKS
from engine.code import number
from engine.driver import COMMON, EULER, RUNGE_KUTTA, TAIL
from engine.emit import ARGUMENTS, Nest
from engine.fuse import Group
from engine.order import Phase
from engine.plan import Plan
from engine.vectormath import library

NAMES = ARGUMENTS.replace("noalias ", "")


def module(plan: Plan, width: int) -> str:
    """LLVM IR of a plan for `width` runs at once."""
    constants = Constants()
    parts = []
    calls: dict[Phase, list[str]] = {"constant": [], "initial": [], "step": []}
    for phase, groups in plan.phases.items():
        for i, part in enumerate(_functions(groups)):
            name = f"{phase}.{i}"
            parts.append(Nest(plan, constants, phase, width).function(name, part))
            calls[phase].append(f"  call void @{name}({NAMES})")
    late = list(calls["step"])
    for i, part in enumerate(_functions(plan.phases["step"]) if plan.runge_kutta else []):
        if any(s.role == "push" for g in part for s in g.statements):
            inputs = [
                replace(g, statements=[s for s in g.statements if s.role != "push"]) for g in part
            ]
            parts.append(Nest(plan, constants, "step", width).function(f"stage.{i}", inputs))
            late[i] = late[i].replace(f"@step.{i}(", f"@stage.{i}(")
    sizes = plan.memory.sizes
    driver = COMMON + (RUNGE_KUTTA if plan.runge_kutta else EULER) + BLOCKS + TAIL
    vector = f"<{width} x double>" if width > 1 else "double"
    splat = (
        f"%one = insertelement {vector} poison, double %narrow, i64 0\n"
        f"  %value = shufflevector {vector} %one, {vector} poison, <{width} x i32> zeroinitializer"
        if width > 1
        else "%value = fadd double %narrow, -0.0"
    )
    for mark, text in {
        "$WIDTH": str(width),
        "$VECTOR": vector,
        "$ALIGN": str(8 * width),
        "$SPLAT": splat,
        "$ARGUMENTS": ARGUMENTS,
        "$CONSTANT": "\n".join(calls["constant"]),
        "$INITIAL": "\n".join(calls["initial"]),
        "$STEP": "\n".join(calls["step"]),
        "$LATE": "\n".join(late),
        "$LANES": "\n".join(map(_lane, range(width))),
        "$FLOOR": _floors(plan, width),
        "$STATES": str(sizes["state"] * width),
        "$STOCKS": str(plan.memory.stocks * width),
        "$HELD": str((sizes["state"] - plan.memory.stocks) * width * 8),
        "$SWAPS": "0" if plan.runge_kutta else "1",
        "$SIXTH": number(1 / 6),
        "$THIRD": number(1 / 3),
    }.items():
        driver = driver.replace(mark, text)
    return "\n".join([constants.text(), library(width), *parts, driver])


def _lane(lane: int) -> str:
    """Copies one element of one run to the results, and goes on to the next run."""
    return f"""  %value.{lane} = load double, ptr %from.{lane}, align 8
  store double %value.{lane}, ptr %to.{lane}, align 8
  %from.{lane + 1} = getelementptr double, ptr %from.{lane}, i64 %lane
  %to.{lane + 1} = getelementptr double, ptr %to.{lane}, i64 %stride"""


def _floors(plan: Plan, width: int) -> str:
    """Calls that put stocks which may not be negative to zero where they are."""
    lines = []
    for name, slot in plan.memory.lasting.items():
        v = plan.model.variables.get(name)
        if v is not None and any(c.floor_at_zero for c in v.components):
            first, count = slot.first * width, slot.size * width
            lines.append(f"  call void @floor(ptr %state, i64 {first}, i64 {count})")
    return "\n".join([*lines, "  ret void"])


def _functions(groups: list[Group]) -> list[list[Group]]:
    """Groups by function: those of a pass together."""
    out: list[list[Group]] = []
    for g in groups:
        if out and g.turn >= 0 and out[-1][0].turn == g.turn:
            out[-1].append(g)
        else:
            out.append([g])
    return out
