"""The classical Runge-Kutta method of fourth order, as LLVM IR with gaps to fill.

`advance` goes one step on from a state whose `change` is known; values held between steps change
only with whole steps. `one` goes through time.
"""

from __future__ import annotations

from engine.plan import Plan

RUNGE_KUTTA = """
$ARITHMETIC
define internal void @advance(ptr %flat, ptr %work, ptr %state, ptr %change, ptr %history,
    ptr %control, ptr %times, ptr %series, ptr %series.map, i64 %series.count, i64 %k) #2 {
entry:
  %trial = getelementptr double, ptr %state, i64 $STATES
  %total = getelementptr double, ptr %trial, i64 $STATES
  %held = getelementptr double, ptr %state, i64 $STOCKS
  %held.trial = getelementptr double, ptr %trial, i64 $STOCKS
  %held.total = getelementptr double, ptr %total, i64 $STOCKS
  %held.next = getelementptr double, ptr %change, i64 $STOCKS
  %row = mul i64 %k, 2
  %half.row = add i64 %row, 1
  %half.p = getelementptr double, ptr %times, i64 %half.row
  %half = load double, ptr %half.p
  %end.row = add i64 %row, 2
  %end.p = getelementptr double, ptr %times, i64 %end.row
  %end = load double, ptr %end.p
  %filled = icmp sgt i64 %series.count, 0
  call void @llvm.memcpy.p0.p0.i64(ptr %held.trial, ptr %held, i64 $HELD, i1 false)
  call void @llvm.memcpy.p0.p0.i64(ptr %held.total, ptr %held.next, i64 $HELD, i1 false)
  call void @blend(ptr %state, ptr %change, double $SIXTH, ptr %total) $INLINE
  call void @blend(ptr %state, ptr %change, double 0.5, ptr %trial) $INLINE
  call void @settle(ptr %trial) $INLINE
  br i1 %filled, label %fill.half, label %middle
fill.half:
  call void @fill(ptr %flat, ptr %work, ptr %series, ptr %series.map, i64 %series.count,
    i64 %half.row)
  br label %middle
middle:
  call void @stage(ptr %flat, ptr %work, ptr %trial, ptr %change, ptr %history, ptr %control,
    double %half, i64 %k) $INLINE
  call void @blend(ptr %total, ptr %change, double $THIRD, ptr %total) $INLINE
  call void @blend(ptr %state, ptr %change, double 0.5, ptr %trial) $INLINE
  call void @settle(ptr %trial) $INLINE
  call void @stage(ptr %flat, ptr %work, ptr %trial, ptr %change, ptr %history, ptr %control,
    double %half, i64 %k) $INLINE
  call void @blend(ptr %total, ptr %change, double $THIRD, ptr %total) $INLINE
  call void @blend(ptr %state, ptr %change, double 1.0, ptr %trial) $INLINE
  call void @settle(ptr %trial) $INLINE
  br i1 %filled, label %fill.end, label %last
fill.end:
  call void @fill(ptr %flat, ptr %work, ptr %series, ptr %series.map, i64 %series.count,
    i64 %end.row)
  br label %last
last:
  call void @stage(ptr %flat, ptr %work, ptr %trial, ptr %change, ptr %history, ptr %control,
    double %end, i64 %k) $INLINE
  call void @blend(ptr %total, ptr %change, double $SIXTH, ptr %state) $INLINE
  call void @settle(ptr %state) $INLINE
  call void @llvm.memcpy.p0.p0.i64(ptr %held, ptr %held.total, i64 $HELD, i1 false)
  ret void
}

define internal i64 @one(ptr %flat, ptr %work, ptr %state, ptr %change, ptr %history, ptr %control,
    ptr %times, i64 %steps, ptr %series, ptr %series.map, i64 %series.count,
    ptr %saves, ptr %save.map, i64 %save.count, ptr %out, ptr %stop, i64 %stride) #2 {
entry:
  %t0 = load double, ptr %times
  call void @fill(ptr %flat, ptr %work, ptr %series, ptr %series.map, i64 %series.count, i64 0)
  call void @first(ptr %flat, ptr %work, ptr %state, ptr %change, ptr %history, ptr %control,
    double %t0, i64 0)
  br label %loop
loop:
  %k = phi i64 [ 0, %entry ], [ %k.next, %onward ]
  %o = phi ptr [ %out, %entry ], [ %o.next, %onward ]
  %row = mul i64 %k, 2
  %tp = getelementptr double, ptr %times, i64 %row
  %t = load double, ptr %tp
  call void @fill(ptr %flat, ptr %work, ptr %series, ptr %series.map, i64 %series.count, i64 %row)
  call void @each(ptr %flat, ptr %work, ptr %state, ptr %change, ptr %history, ptr %control,
    double %t, i64 %k)
  %sp = getelementptr i8, ptr %saves, i64 %k
  %s = load i8, ptr %sp
  %keep = icmp ne i8 %s, 0
  br i1 %keep, label %kept, label %more
kept:
  %o.after = call ptr @save(ptr %flat, ptr %work, ptr %state, ptr %save.map, i64 %save.count,
    ptr %o, i64 %stride)
  br label %more
more:
  %o.next = phi ptr [ %o, %loop ], [ %o.after, %kept ]
  %k.next = add i64 %k, 1
  %halt = load volatile i8, ptr %stop
  %going = icmp eq i8 %halt, 0
  %left = icmp slt i64 %k, %steps
  %again = and i1 %going, %left
  br i1 %again, label %onward, label %done
onward:
  call void @advance(ptr %flat, ptr %work, ptr %state, ptr %change, ptr %history, ptr %control,
    ptr %times, ptr %series, ptr %series.map, i64 %series.count, i64 %k)
  br label %loop
done:
  ret i64 %k.next
}
"""

LOOPS = """
define internal void @blend(ptr %base, ptr %change, double %part, ptr %to) #2 {
entry:
  %any = icmp sgt i64 $STOCKS, 0
  br i1 %any, label %loop, label %done
loop:
  %i = phi i64 [ 0, %entry ], [ %i.next, %loop ]
  %pb = getelementptr double, ptr %base, i64 %i
  %pc = getelementptr double, ptr %change, i64 %i
  %pt = getelementptr double, ptr %to, i64 %i
  %b = load double, ptr %pb, align 8
  %c = load double, ptr %pc, align 8
  %d = fmul double %c, %part
  %e = fadd double %b, %d
  store double %e, ptr %pt, align 8
  %i.next = add i64 %i, 1
  %i.more = icmp slt i64 %i.next, $STOCKS
  br i1 %i.more, label %loop, label %done
done:
  ret void
}

define internal void @floor(ptr %state, i64 %first, i64 %count) #2 {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %i.next, %loop ]
  %at = add i64 %first, %i
  %p = getelementptr double, ptr %state, i64 %at
  %v = load double, ptr %p, align 8
  %low = fcmp olt double %v, 0.0
  %kept = select i1 %low, double 0.0, double %v
  store double %kept, ptr %p, align 8
  %i.next = add i64 %i, 1
  %more = icmp slt i64 %i.next, %count
  br i1 %more, label %loop, label %done
done:
  ret void
}

define internal void @settle(ptr %state) #2 {
$FLOORS
  ret void
}
"""


SUM = """  %pb.$I = getelementptr double, ptr %base, i64 $I
  %pc.$I = getelementptr double, ptr %change, i64 $I
  %pt.$I = getelementptr double, ptr %to, i64 $I
  %b.$I = load $V, ptr %pb.$I, align $BYTES
  %c.$I = load $V, ptr %pc.$I, align $BYTES
  %d.$I = fmul $V %c.$I, %parts
  %e.$I = fadd $V %b.$I, %d.$I
  store $V %e.$I, ptr %pt.$I, align $BYTES"""

LEAST = """  %p.$I = getelementptr double, ptr %state, i64 $I
  %v.$I = load $V, ptr %p.$I, align $BYTES
  %low.$I = fcmp olt $V %v.$I, zeroinitializer
  %kept.$I = select <$N x i1> %low.$I, $V zeroinitializer, $V %v.$I
  store $V %kept.$I, ptr %p.$I, align $BYTES"""


def arithmetic(plan: Plan, runs: int, width: int) -> str:
    """`blend`, which adds a part of the changes to stocks, and `settle`, which puts those that may
    not be negative to zero; written out, vector by vector, where the state stays in registers."""
    stocks = range(plan.memory.stocks * runs)
    floored = [
        stocks[slot.first * runs : (slot.first + slot.size) * runs]
        for name, slot in plan.memory.lasting.items()
        if (v := plan.model.variables.get(name)) and any(c.floor_at_zero for c in v.components)
    ]
    if not plan.short:
        calls = [f"  call void @floor(ptr %state, i64 {r.start}, i64 {len(r)})" for r in floored]
        return LOOPS.replace("$FLOORS", "\n".join(calls))
    sums = "\n".join(SUM.replace("$I", str(i)) for i in stocks[::width])
    leasts = "\n".join(LEAST.replace("$I", str(i)) for r in floored for i in r[::width])
    text = f"""
define internal void @blend(ptr %base, ptr %change, double %part, ptr %to) #2 {{
  %one = insertelement $V poison, double %part, i64 0
  %parts = shufflevector $V %one, $V poison, <$N x i32> zeroinitializer
{sums}
  ret void
}}

define internal void @settle(ptr %state) #2 {{
{leasts}
  ret void
}}
"""
    for mark, value in {"$V": "<$N x double>", "$N": width, "$BYTES": 8 * width}.items():
        text = text.replace(mark, str(value))
    return text
