"""The part of the kernel that is the same for every model, as LLVM IR with gaps to fill.

`fill` writes data and paths for one time into memory, `save` copies what is kept out of it, and
`one` goes through time by Euler's method with two states in turn (or as in `stages` and `ahead`).
"""

COMMON = """
define internal void @first($ARGUMENTS) #2 {
$FIRST
  ret void
}

define internal void @each($ARGUMENTS) #2 {
$STEP
  ret void
}

define internal void @stage($ARGUMENTS) #2 {
$LATE
  ret void
}

define internal void @fill(ptr %flat, ptr %work, ptr %series, ptr %map, i64 %count, i64 %step) #2 {
entry:
  %any = icmp sgt i64 %count, 0
  br i1 %any, label %row, label %done
row:
  %r = phi i64 [ 0, %entry ], [ %r.next, %row.end ]
  %base = mul i64 %r, 5
  %m0 = getelementptr i64, ptr %map, i64 %base
  %m1 = getelementptr i64, ptr %m0, i64 1
  %m2 = getelementptr i64, ptr %m0, i64 2
  %m3 = getelementptr i64, ptr %m0, i64 3
  %m4 = getelementptr i64, ptr %m0, i64 4
  %to = load i64, ptr %m0
  %n = load i64, ptr %m1
  %offset = load i64, ptr %m2
  %stride = load i64, ptr %m3
  %own = load i64, ptr %m4
  %far = mul i64 %step, %stride
  %start = add i64 %offset, %far
  %separate = icmp eq i64 %own, 1
  %shared = icmp eq i64 %own, 2
  br label %item
item:
  %i = phi i64 [ 0, %row ], [ %i.next, %item.end ]
  %ti = add i64 %to, %i
  %tw = mul i64 %ti, $WIDTH
  %target = getelementptr double, ptr %work, i64 %tw
  br i1 %separate, label %wide, label %same
wide:
  %iw = mul i64 %i, $WIDTH
  %sw = add i64 %start, %iw
  %pw = getelementptr double, ptr %series, i64 %sw
  %vw = load $VECTOR, ptr %pw, align 8
  store $VECTOR %vw, ptr %target, align $ALIGN
  br label %item.end
same:
  %sn = add i64 %start, %i
  %pn = getelementptr double, ptr %series, i64 %sn
  %narrow = load double, ptr %pn, align 8
  br i1 %shared, label %one.number, label %many
one.number:
  %fp = getelementptr double, ptr %flat, i64 %ti
  store double %narrow, ptr %fp, align 8
  br label %item.end
many:
  $SPLAT
  store $VECTOR %value, ptr %target, align $ALIGN
  br label %item.end
item.end:
  %i.next = add i64 %i, 1
  %i.more = icmp slt i64 %i.next, %n
  br i1 %i.more, label %item, label %row.end
row.end:
  %r.next = add i64 %r, 1
  %r.more = icmp slt i64 %r.next, %count
  br i1 %r.more, label %row, label %done
done:
  ret void
}

define internal ptr @save(ptr %flat, ptr %work, ptr %state, ptr %map, i64 %count, ptr %out,
    i64 %stride) #2 {
entry:
  %any = icmp sgt i64 %count, 0
  br i1 %any, label %row, label %done
row:
  %r = phi i64 [ 0, %entry ], [ %r.next, %row.end ]
  %o = phi ptr [ %out, %entry ], [ %o.next, %row.end ]
  %base = mul i64 %r, 3
  %m0 = getelementptr i64, ptr %map, i64 %base
  %m1 = getelementptr i64, ptr %m0, i64 1
  %m2 = getelementptr i64, ptr %m0, i64 2
  %area = load i64, ptr %m0
  %from = load i64, ptr %m1
  %n = load i64, ptr %m2
  %o.next = getelementptr double, ptr %o, i64 %n
  %in.flat = icmp eq i64 %area, 2
  %in.state = icmp eq i64 %area, 1
  %own.memory = select i1 %in.state, ptr %state, ptr %work
  %memory = select i1 %in.flat, ptr %flat, ptr %own.memory
  %step = select i1 %in.flat, i64 1, i64 $WIDTH
  %lane = select i1 %in.flat, i64 0, i64 1
  %far = mul i64 %from, %step
  %source = getelementptr double, ptr %memory, i64 %far
  br label %element
element:
  %i = phi i64 [ 0, %row ], [ %i.next, %element ]
  %is = mul i64 %i, %step
  %from.0 = getelementptr double, ptr %source, i64 %is
  %to.0 = getelementptr double, ptr %o, i64 %i
$LANES
  %i.next = add i64 %i, 1
  %i.more = icmp slt i64 %i.next, %n
  br i1 %i.more, label %element, label %row.end
row.end:
  %r.next = add i64 %r, 1
  %r.more = icmp slt i64 %r.next, %count
  br i1 %r.more, label %row, label %done
done:
  %o.end = phi ptr [ %out, %entry ], [ %o.next, %row.end ]
  ret ptr %o.end
}
"""

EULER = """
define internal i64 @one(ptr %flat, ptr %work, ptr %a, ptr %b, ptr %history, ptr %control,
    ptr %times, i64 %steps, ptr %series, ptr %series.map, i64 %series.count,
    ptr %saves, ptr %save.map, i64 %save.count, ptr %out, ptr %stop, i64 %stride) #2 {
entry:
  %t0 = load double, ptr %times
  call void @fill(ptr %flat, ptr %work, ptr %series, ptr %series.map, i64 %series.count, i64 0)
  call void @first(ptr %flat, ptr %work, ptr %a, ptr %b, ptr %history, ptr %control,
    double %t0, i64 0)
  br label %loop
loop:
  %k = phi i64 [ 0, %entry ], [ %k.next, %more ]
  %now = phi ptr [ %a, %entry ], [ %then, %more ]
  %then = phi ptr [ %b, %entry ], [ %now, %more ]
  %o = phi ptr [ %out, %entry ], [ %o.next, %more ]
  %tp = getelementptr double, ptr %times, i64 %k
  %t = load double, ptr %tp
  call void @fill(ptr %flat, ptr %work, ptr %series, ptr %series.map, i64 %series.count, i64 %k)
  call void @each(ptr %flat, ptr %work, ptr %now, ptr %then, ptr %history, ptr %control,
    double %t, i64 %k)
  %sp = getelementptr i8, ptr %saves, i64 %k
  %s = load i8, ptr %sp
  %keep = icmp ne i8 %s, 0
  br i1 %keep, label %kept, label %more
kept:
  %o.after = call ptr @save(ptr %flat, ptr %work, ptr %now, ptr %save.map, i64 %save.count, ptr %o,
    i64 %stride)
  br label %more
more:
  %o.next = phi ptr [ %o, %loop ], [ %o.after, %kept ]
  %k.next = add i64 %k, 1
  %halt = load volatile i8, ptr %stop
  %going = icmp eq i8 %halt, 0
  %left = icmp sle i64 %k.next, %steps
  %again = and i1 %going, %left
  br i1 %again, label %loop, label %done
done:
  ret i64 %k.next
}
"""

TAIL = """
declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)
attributes #0 = { noinline nounwind alignstack=64 }
attributes #1 = { alwaysinline nounwind willreturn memory(none) }
attributes #3 = { noinline nounwind willreturn memory(none) }
attributes #2 = { noinline nounwind }
!0 = distinct !{}
!1 = distinct !{!1, !{!"llvm.loop.parallel_accesses", !0}}
!2 = !{!"branch_weights", i32 1000000, i32 1}
!3 = distinct !{!3, !{!"llvm.loop.unroll.full"}}
"""
