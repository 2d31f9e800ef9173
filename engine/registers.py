"""The way of small models through time: the state stays in registers between the times that are
kept. LLVM IR with gaps to fill.

`short` has the steps written out in its loop, and the state in local variables of which LLVM makes
registers. At a kept time, and every so often to look whether to stop, the state goes to memory and
one step is done there: the operations are those of `one` in `driver` or `stages`, and so is every
bit of the results. Runs with data or paths, which are filled in at every step, are left to `one`.
"""

SPAN = 1024  # steps after which to look whether to stop: milliseconds
WRITTEN_OUT = ", !llvm.loop !3"  # only places that are known beforehand can be registers
SHORT = """
define internal i64 @short(ptr %flat, ptr %work, ptr %a, ptr %b, ptr %history, ptr %control,
    ptr %times, i64 %steps, ptr %series, ptr %series.map, i64 %series.count,
    ptr %saves, ptr %save.map, i64 %save.count, ptr %out, ptr %stop, i64 %stride) #0 {
entry:
  %now = alloca [$ROOM x double], align 64
  %then = alloca [$STATES x double], align 64
  %filled = icmp sgt i64 %series.count, 0
  br i1 %filled, label %long, label %begin
long:
  %k.long = call i64 @one(ptr %flat, ptr %work, ptr %a, ptr %b, ptr %history, ptr %control,
    ptr %times, i64 %steps, ptr %series, ptr %series.map, i64 %series.count,
    ptr %saves, ptr %save.map, i64 %save.count, ptr %out, ptr %stop, i64 %stride)
  ret i64 %k.long
begin:
  %t0 = load double, ptr %times
  call void @first(ptr %flat, ptr %work, ptr %a, ptr %b, ptr %history, ptr %control,
    double %t0, i64 0)
  %odd = and i64 %steps, $SWAPS
  %swapped = icmp ne i64 %odd, 0
  %home = select i1 %swapped, ptr %b, ptr %a
  %other = select i1 %swapped, ptr %a, ptr %b
  call void @llvm.memcpy.p0.p0.i64(ptr align 64 %now, ptr align 64 %a, i64 $BYTES, i1 false)
  call void @llvm.memcpy.p0.p0.i64(ptr align 64 %then, ptr align 64 %a, i64 $BYTES, i1 false)
  br label %span
span:
  %k.first = phi i64 [ 0, %begin ], [ %k.next, %next ]
  %o = phi ptr [ %out, %begin ], [ %o.next, %next ]
  %far = add i64 %k.first, $SPAN
  %near = icmp slt i64 %far, %steps
  %end = select i1 %near, i64 %far, i64 %steps
  br label %step
step:
  %k = phi i64 [ %k.first, %span ], [ %k.onward, %onward ]
  %row = mul i64 %k, $ROWS
  %tp = getelementptr double, ptr %times, i64 %row
  %t = load double, ptr %tp
  %sp = getelementptr i8, ptr %saves, i64 %k
  %s = load i8, ptr %sp
  %keep = icmp ne i8 %s, 0
  %ended = icmp eq i64 %k, %end
  %pausing = or i1 %keep, %ended
  br i1 %pausing, label %pause, label %onward
onward:
  call void @each(ptr %flat, ptr %work, ptr %now, ptr %then, ptr %history, ptr %control,
    double %t, i64 %k) alwaysinline
$ON
  %k.onward = add i64 %k, 1
  br label %step
pause:
  call void @llvm.memcpy.p0.p0.i64(ptr align 64 %home, ptr align 64 %now, i64 $BYTES, i1 false)
  call void @each(ptr %flat, ptr %work, ptr %home, ptr %other, ptr %history, ptr %control,
    double %t, i64 %k)
  br i1 %keep, label %kept, label %more
kept:
  %o.after = call ptr @save(ptr %flat, ptr %work, ptr %home, ptr %save.map, i64 %save.count,
    ptr %o, i64 %stride)
  br label %more
more:
  %o.next = phi ptr [ %o, %pause ], [ %o.after, %kept ]
  %k.next = add i64 %k, 1
  %halt = load volatile i8, ptr %stop
  %going = icmp eq i8 %halt, 0
  %left = icmp sle i64 %k.next, %steps
  %again = and i1 %going, %left
  br i1 %again, label %next, label %done
next:
$NEXT
  br label %span
done:
  ret i64 %k.next
}
"""

# how the state goes on from a step whose changes are known, by Runge-Kutta or not: in registers,
# and in memory
ON = {
    False: """
  call void @llvm.memcpy.p0.p0.i64(ptr align 64 %now, ptr align 64 %then, i64 $BYTES, i1 false)""",
    True: """
  call void @advance(ptr %flat, ptr %work, ptr %now, ptr %then, ptr %history, ptr %control,
    ptr %times, ptr %series, ptr %series.map, i64 0, i64 %k) alwaysinline""",
}
NEXT = {
    False: """
  call void @llvm.memcpy.p0.p0.i64(ptr align 64 %now, ptr align 64 %other, i64 $BYTES, i1 false)""",
    True: """
  call void @advance(ptr %flat, ptr %work, ptr %home, ptr %other, ptr %history, ptr %control,
    ptr %times, ptr %series, ptr %series.map, i64 0, i64 %k)
  call void @llvm.memcpy.p0.p0.i64(ptr align 64 %now, ptr align 64 %home, i64 $BYTES, i1 false)""",
}
