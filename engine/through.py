"""Functions that go through a pass, or through two, block by block of its elements."""

from __future__ import annotations

from engine.emit import ARGUMENTS, GIVEN
from engine.fuse import Group
from engine.passes import together


def _call(stage: str, given: str, base: str, first: str, end: str, inline: str = "") -> str:
    return f"  call void @{stage}({given}, i64 {base}, i64 {first}, i64 {end}){inline}"


def _blocks(size: int, forth: bool, body: list[str]) -> list[str]:
    """A loop over the blocks of a pass, from `%first` to before `%end` each."""
    count = together(size)
    blocks = -(-size // count)
    first, step = (0, count) if forth else ((blocks - 1) * count, -count)
    return [
        "  br label %block",
        "block:",
        f"  %first = phi i64 [ {first}, %entry ], [ %next.first, %block.end ]",
        f"  %until = add nsw i64 %first, {count}",
        f"  %fits = icmp ult i64 %until, {size}",
        f"  %end = select i1 %fits, i64 %until, i64 {size}",
        *body,
        "  br label %block.end",
        "block.end:",
        f"  %next.first = add nsw i64 %first, {step}",
        f"  %done = icmp eq i64 %next.first, {first + blocks * step}",
        "  br i1 %done, label %exit, label %block",
        "exit:",
    ]


def whole_pass(name: str, groups: list[Group], inline: str, forth: bool) -> str:
    """A function that goes through a pass block by block: all stages for one before the next."""
    size, parts = groups[0].sizes[0], [f"{name}.{i}" for i in range(groups[-1].stage + 1)]
    count = together(size)
    if inline or size <= count:
        lines = [
            _call(part, GIVEN, f"{first}", f"{first}", f"{min(first + count, size)}", inline)
            for first in range(0, size, count)
            for part in parts
        ]
    else:
        calls = [_call(part, GIVEN, "%first", "%first", "%end") for part in parts]
        lines = _blocks(size, forth, calls)
    text = "\n".join(lines)
    return f"define internal void @{name}({ARGUMENTS}) #0 {{\nentry:\n{text}\n  ret void\n}}\n"


def whole_turn(last: str, ends: list[Group], first: str, begins: list[Group]) -> str:
    """The last pass of a step and the first of the next, block by block: what the one writes last
    and the other reads first, element by element."""
    rest = "ptr %history, ptr %control"
    now = f"ptr %flat, ptr %work, ptr %state, ptr %next, {rest}, double %time, i64 %step"
    then = f"ptr %flat.next, ptr %work, ptr %next, ptr %state, {rest}"
    then += ", double %time.next, i64 %step.next"
    ending = [f"{last}.{i}" for i in range(ends[-1].stage + 1)]
    starting = [f"{first}.{i}" for i in range(begins[-1].stage + 1)]
    body = [
        *(_call(part, now, "%first", "%first", "%end") for part in ending[:-1]),
        "  br label %element",
        "element:",
        "  %i = phi i64 [ %first, %block ], [ %i.next, %element ]",
        "  %i.next = add nuw nsw i64 %i, 1",
        _call(ending[-1], now, "%first", "%i", "%i.next"),
        _call(starting[0], then, "%first", "%i", "%i.next"),
        "  %i.more = icmp ult i64 %i.next, %end",
        "  br i1 %i.more, label %element, label %rest",
        "rest:",
        *(_call(part, then, "%first", "%first", "%end") for part in starting[1:]),
    ]
    text = "\n".join(_blocks(ends[0].sizes[0], True, body))
    return f"""
define internal void @turn(ptr %flat, ptr %flat.next, ptr %work, ptr %state, ptr %next,
    {rest}, double %time, double %time.next, i64 %step, i64 %step.next) #0 {{
entry:
{text}
  ret void
}}
"""
