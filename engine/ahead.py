"""The way through time where the last pass of a step goes together with the first of the next (see
`turn`), unless a time is kept in between or paths differ by run. LLVM IR with gaps to fill.

What is the same for all runs is in two memories by turns: the last pass reads one of them, the
first pass of the next step the other.
"""

PARTS = ("begin", "head", "body", "tail")
AHEAD = "\n".join(
    f"define internal void @{part}($ARGUMENTS) #2 {{\n${part.upper()}\n  ret void\n}}"
    for part in PARTS
)
AHEAD += """
define internal i64 @one(ptr %flat, ptr %work, ptr %a, ptr %b, ptr %history, ptr %control,
    ptr %times, i64 %steps, ptr %series, ptr %series.map, i64 %series.count,
    ptr %saves, ptr %save.map, i64 %save.count, ptr %out, ptr %stop, i64 %stride) #2 {
entry:
  %other = getelementptr double, ptr %flat, i64 $FLAT
  %t0 = load double, ptr %times
  call void @fill(ptr %flat, ptr %work, ptr %series, ptr %series.map, i64 %series.count, i64 0)
  call void @first(ptr %flat, ptr %work, ptr %a, ptr %b, ptr %history, ptr %control,
    double %t0, i64 0)
  call void @llvm.memcpy.p0.p0.i64(ptr %other, ptr %flat, i64 $FLATBYTES, i1 false)
  call void @begin(ptr %flat, ptr %work, ptr %a, ptr %b, ptr %history, ptr %control,
    double %t0, i64 0)
  call void @head(ptr %flat, ptr %work, ptr %a, ptr %b, ptr %history, ptr %control,
    double %t0, i64 0)
  %any = icmp sgt i64 %series.count, 0
  br i1 %any, label %row, label %loop
row:
  %r = phi i64 [ 0, %entry ], [ %r.next, %row ]
  %wide = phi i1 [ false, %entry ], [ %wide.next, %row ]
  %r.5 = mul i64 %r, 5
  %r.4 = add i64 %r.5, 4
  %kind.p = getelementptr i64, ptr %series.map, i64 %r.4
  %kind = load i64, ptr %kind.p
  %into.work = icmp ne i64 %kind, 2
  %wide.next = or i1 %wide, %into.work
  %r.next = add i64 %r, 1
  %r.more = icmp slt i64 %r.next, %series.count
  br i1 %r.more, label %row, label %loop
loop:
  %apart = phi i1 [ false, %entry ], [ %wide.next, %row ], [ %apart, %go ]
  %k = phi i64 [ 0, %entry ], [ 0, %row ], [ %k.next, %go ]
  %now = phi ptr [ %a, %entry ], [ %a, %row ], [ %then, %go ]
  %then = phi ptr [ %b, %entry ], [ %b, %row ], [ %now, %go ]
  %flat.now = phi ptr [ %flat, %entry ], [ %flat, %row ], [ %flat.then, %go ]
  %flat.then = phi ptr [ %other, %entry ], [ %other, %row ], [ %flat.now, %go ]
  %o = phi ptr [ %out, %entry ], [ %out, %row ], [ %o.next, %go ]
  %tp = getelementptr double, ptr %times, i64 %k
  %t = load double, ptr %tp
  call void @body(ptr %flat.now, ptr %work, ptr %now, ptr %then, ptr %history, ptr %control,
    double %t, i64 %k)
  %k.next = add i64 %k, 1
  %sp = getelementptr i8, ptr %saves, i64 %k
  %s = load i8, ptr %sp
  %keep = icmp ne i8 %s, 0
  %halt = load volatile i8, ptr %stop
  %halted = icmp ne i8 %halt, 0
  %over = icmp eq i64 %k, %steps
  %last = or i1 %over, %halted
  %ends = or i1 %last, %keep
  %whole = or i1 %ends, %apart
  %t.next.p = getelementptr double, ptr %tp, i64 1
  br i1 %whole, label %end, label %ahead
ahead:
  %t.ahead = load double, ptr %t.next.p
  call void @fill(ptr %flat.then, ptr %work, ptr %series, ptr %series.map, i64 %series.count,
    i64 %k.next)
  call void @begin(ptr %flat.then, ptr %work, ptr %then, ptr %now, ptr %history, ptr %control,
    double %t.ahead, i64 %k.next)
  call void @turn(ptr %flat.now, ptr %flat.then, ptr %work, ptr %now, ptr %then, ptr %history,
    ptr %control, double %t, double %t.ahead, i64 %k, i64 %k.next)
  br label %go
end:
  call void @tail(ptr %flat.now, ptr %work, ptr %now, ptr %then, ptr %history, ptr %control,
    double %t, i64 %k)
  br i1 %keep, label %kept, label %more
kept:
  %o.after = call ptr @save(ptr %flat.now, ptr %work, ptr %now, ptr %save.map, i64 %save.count,
    ptr %o, i64 %stride)
  br label %more
more:
  %o.more = phi ptr [ %o, %end ], [ %o.after, %kept ]
  br i1 %last, label %done, label %next
next:
  %t.then = load double, ptr %t.next.p
  call void @fill(ptr %flat.then, ptr %work, ptr %series, ptr %series.map, i64 %series.count,
    i64 %k.next)
  call void @begin(ptr %flat.then, ptr %work, ptr %then, ptr %now, ptr %history, ptr %control,
    double %t.then, i64 %k.next)
  call void @head(ptr %flat.then, ptr %work, ptr %then, ptr %now, ptr %history, ptr %control,
    double %t.then, i64 %k.next)
  br label %go
go:
  %o.next = phi ptr [ %o, %ahead ], [ %o.more, %next ]
  br label %loop
done:
  ret i64 %k.next
}
"""
