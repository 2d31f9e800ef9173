"""Several blocks of runs, one after another in the same memory: LLVM IR with gaps to fill.

`run`, the function that is called from outside, puts the parameters of each block in place, does
`one` of `driver`, and notes which runs ended with a state that is not finite. So many small blocks
need Python once.
"""

BLOCKS = """
define i64 @run(ptr %flat, ptr %work, ptr %a, ptr %b, ptr %history, ptr %control,
    ptr %times, i64 %steps, ptr %series, ptr %series.map, i64 %series.count,
    ptr %saves, ptr %save.map, i64 %save.count, ptr %out, ptr %stop,
    i64 %blocks, i64 %out.size, ptr %own, ptr %own.places, i64 %own.count,
    ptr %checked, i64 %checked.count, ptr %faults) #2 {
entry:
  %odd = and i64 %steps, $SWAPS
  %swapped = icmp ne i64 %odd, 0
  %last = select i1 %swapped, ptr %b, ptr %a
  %stride = udiv i64 %out.size, $WIDTH
  %any.own = icmp sgt i64 %own.count, 0
  %any.checked = icmp sgt i64 %checked.count, 0
  br label %block
block:
  %k = phi i64 [ 0, %entry ], [ %k.next, %end ]
  %row = mul i64 %k, %own.count
  br i1 %any.own, label %copy, label %go
copy:
  %j = phi i64 [ 0, %block ], [ %j.next, %copy ]
  %item = add i64 %row, %j
  %item.w = mul i64 %item, $WIDTH
  %from = getelementptr double, ptr %own, i64 %item.w
  %value = load $VECTOR, ptr %from, align 8
  %pp = getelementptr i64, ptr %own.places, i64 %j
  %place = load i64, ptr %pp
  %place.w = mul i64 %place, $WIDTH
  %to = getelementptr double, ptr %work, i64 %place.w
  store $VECTOR %value, ptr %to, align $ALIGN
  %j.next = add i64 %j, 1
  %j.more = icmp slt i64 %j.next, %own.count
  br i1 %j.more, label %copy, label %go
go:
  %far = mul i64 %k, %out.size
  %o = getelementptr double, ptr %out, i64 %far
  %done.steps = call i64 @$WAY(ptr %flat, ptr %work, ptr %a, ptr %b, ptr %history, ptr %control,
    ptr %times, i64 %steps, ptr %series, ptr %series.map, i64 %series.count,
    ptr %saves, ptr %save.map, i64 %save.count, ptr %o, ptr %stop, i64 %stride)
  br i1 %any.checked, label %check, label %end
check:
  %c = phi i64 [ 0, %go ], [ %c.next, %check ]
  %sum = phi $VECTOR [ zeroinitializer, %go ], [ %sum.next, %check ]
  %cp = getelementptr i64, ptr %checked, i64 %c
  %state = load i64, ptr %cp
  %state.w = mul i64 %state, $WIDTH
  %sp = getelementptr double, ptr %last, i64 %state.w
  %x = load $VECTOR, ptr %sp, align $ALIGN
  %nothing = fmul $VECTOR %x, zeroinitializer
  %sum.next = fadd $VECTOR %sum, %nothing
  %c.next = add i64 %c, 1
  %c.more = icmp slt i64 %c.next, %checked.count
  br i1 %c.more, label %check, label %end
end:
  %fault = phi $VECTOR [ zeroinitializer, %go ], [ %sum.next, %check ]
  %k.w = mul i64 %k, $WIDTH
  %fp = getelementptr double, ptr %faults, i64 %k.w
  store $VECTOR %fault, ptr %fp, align 8
  %k.next = add i64 %k, 1
  %halt = load volatile i8, ptr %stop
  %going = icmp eq i8 %halt, 0
  %left = icmp slt i64 %k.next, %blocks
  %again = and i1 %going, %left
  br i1 %again, label %block, label %done
done:
  ret i64 %k.next
}
"""
