// One chart of the grid: its head, its drawing, and the values at the cursor year.

class Chart {
  constructor(grid, chart, open) {
    this.grid = grid;
    this.chart = chart;
    const { words } = grid.data;
    this.svg = shape("svg", {
      role: "img", tabindex: 0, "aria-label": chart.description, "data-chart": chart.id, class: "plot",
    });
    this.readout = element("p", { class: "readout" });
    this.table = element("details", { "data-chart": chart.id },
      text("summary", words.table), element("div", { class: "scroll", tabindex: 0 }));
    this.table.open = open;
    if (open) this.fill();
    this.table.addEventListener("toggle", () => this.table.open && this.fill());
    const tools = element("span", { class: "tools" },
      this.button("CSV", words.csv, () => save(csv(chart, grid.data), "text/csv;charset=utf-8", `${chart.file}.csv`)),
      this.button("PNG", words.png, () => png(this)));
    this.figure = element("figure", { "data-chart": chart.id },
      element("figcaption", {}, element("span", { class: "title" },
        text("strong", chart.title), text("span", chart.unit, "unit")), tools),
      this.readout, this.svg, this.table);
    this.svg.addEventListener("pointermove", (event) => grid.point(this.year(event)));
    this.svg.addEventListener("pointerleave", () => grid.point(null));
    this.svg.addEventListener("keydown", (event) => this.key(event));
    this.svg.addEventListener("blur", () => this.readout.removeAttribute("aria-live"));
    this.svg.addEventListener("focus", () => this.readout.setAttribute("aria-live", "polite"));
  }

  button(label, description, action) {
    const made = text("button", label);
    made.type = "button";
    made.title = description;
    made.setAttribute("aria-label", `${description}: ${this.chart.title}`);
    made.addEventListener("click", action);
    return made;
  }

  key(event) {
    const years = this.chart.times;
    const now = cursors.get(this.grid.root) ?? years.at(-1);
    const step = { ArrowLeft: now - 1, ArrowRight: now + 1, Home: years[0], End: years.at(-1) }[event.key];
    if (event.key === "Escape") this.grid.point(null);
    if (step === undefined) return;
    event.preventDefault();
    this.grid.point(Math.min(Math.max(step, years[0]), years.at(-1)));
  }

  year(event) {
    const box = this.svg.getBoundingClientRect();
    const [from, to] = this.grid.data.domain;
    const share = (event.clientX - box.left - SIZE.left) / (box.width - SIZE.left - this.right);
    const year = Math.round(from + share * (to - from));
    return Math.min(Math.max(year, from), to);
  }

  plot() {
    const { chart, svg, grid } = this;
    const width = Math.max(svg.parentElement.clientWidth - 26, 200);
    this.right = SIZE.right + (grid.data.ends ? BAR * chart.bands.length : 0);
    const height = grid.data.charts.length === 1 ? 330 : SIZE.height;
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    svg.setAttribute("height", height);
    svg.replaceChildren();
    const marked = [...chart.targets, ...chart.observed].map((mark) => mark.value);
    const edges = chart.bands.flatMap((band) => [...band.low, ...band.high]);
    const values = chart.lines.flatMap((line) => line.values).concat(marked, edges).filter(Number.isFinite);
    const ticks = scale(values, chart.zero, height > 300 ? 7 : 5);
    const [low, high] = [ticks[0], ticks.at(-1)];
    const [from, to] = grid.data.domain;
    this.x = (year) => SIZE.left + ((year - from) / (to - from)) * (width - SIZE.left - this.right);
    this.y = (value) =>
      height - SIZE.bottom - ((value - low) / (high - low)) * (height - SIZE.top - SIZE.bottom);
    this.axes(ticks, width, height);
    for (const band of chart.bands.filter((each) => grid.data.areas.includes(each.key))) {
      svg.append(area(band, chart.times, this.x, this.y, grid.keys.get(band.key)));
    }
    if (grid.data.ends) this.bars(width);
    chart.targets.forEach((target) => this.target(target));
    for (const mark of chart.observed) {
      const made = dot(this.x(mark.year), this.y(mark.value));
      made.append(text("title", `${mark.year} ${grid.data.words.observed} ${this.say(mark.value)} · ${mark.note}`, "", SVG));
      svg.append(made);
    }
    for (const line of chart.lines) {
      const points = line.values.map((value, i) => [this.x(chart.times[i]), this.y(value), value]);
      const path = points.filter((p) => Number.isFinite(p[2]))
        .map((p, i) => `${i ? "L" : "M"}${p[0].toFixed(1)} ${p[1].toFixed(1)}`).join("");
      svg.append(shape("path", { d: path, class: "line", "data-key": line.key, ...stroke(grid.keys.get(line.key)) }));
    }
    this.cursor = shape("g", { class: "cursor" });
    svg.append(this.cursor);
  }

  axes(ticks, width, height) {
    const { svg, grid } = this;
    const digits = decimals(ticks[1] - ticks[0]);
    for (const tick of ticks) {
      const y = this.y(tick);
      svg.append(shape("line", { x1: SIZE.left, x2: width - this.right, y1: y, y2: y,
        class: Math.abs(tick) < 1e-12 ? "zero" : "rule" }));
      svg.append(text("text", figure(tick, digits, grid.data.locale), "tick", SVG, { x: SIZE.left - 6, y: y + 4, "text-anchor": "end" }));
    }
    const [from, to] = grid.data.domain;
    const step = to - from > 8 ? 5 : 1;
    for (let year = Math.ceil(from / step) * step; year <= to; year += step) {
      const x = this.x(year);
      svg.append(shape("line", { x1: x, x2: x, y1: height - SIZE.bottom, y2: height - SIZE.bottom + 4, class: "zero" }));
      svg.append(text("text", String(year), "tick", SVG, { x, y: height - 8, "text-anchor": "middle" }));
    }
  }

  // The bands of the last year side by side: legible for any number of lines.
  bars(width) {
    this.chart.bands.forEach((band, i) => {
      const entry = this.grid.keys.get(band.key);
      if (!Number.isFinite(band.low.at(-1))) return;
      const x = width - this.right + 7 + i * BAR;
      const [low, high, middle] = [band.low, band.high, this.line(band.key)].map((values) => this.y(values.at(-1)));
      const group = shape("g", { class: `ends c${entry.colour}`, "data-key": band.key });
      group.append(
        text("title", `${entry.name} ${this.chart.times.at(-1)}: ${this.range(band, -1)}`, "", SVG),
        shape("line", { x1: x, x2: x, y1: low, y2: high }),
        shape("circle", { cx: x, cy: middle, r: 2.2 }));
      this.svg.append(group);
    });
  }

  line(key) {
    return this.chart.lines.find((line) => line.key === key).values;
  }

  range(band, index) {
    return `${this.say(band.low.at(index))} ${this.grid.data.words.to} ${this.say(band.high.at(index))}`;
  }

  target(target) {
    const [x, y] = [this.x(target.year), this.y(target.value)];
    const group = shape("g", { class: `target ${target.status}` });
    group.append(text("title", target.title, "", SVG));
    group.append(shape("line", { x1: this.x(this.chart.times[0]), x2: x, y1: y, y2: y, class: "goal" }));
    group.append(diamond(x, y, target.status));
    if (target.status === "current") {
      const late = target.year >= this.grid.data.domain[1] - 1;
      const crowded = this.chart.targets.some((other) => other !== target
        && other.year === target.year && other.value >= target.value && this.y(other.value) > y - 26);
      group.append(text("text", target.label, "goal", SVG,
        { x: late ? x - 9 : x, y: crowded ? y + 18 : y - 9, "text-anchor": late ? "end" : "middle" }));
    }
    this.svg.append(group);
  }

  say(value) {
    const { locale, signed } = this.grid.data;
    return Number.isFinite(value) ? figure(value, this.chart.digits, locale, signed) : "–";
  }

  point(year) {
    const { chart, grid } = this;
    this.cursor.replaceChildren();
    const shown = year ?? chart.times.at(-1);
    const index = chart.times.indexOf(shown);
    this.readout.replaceChildren(text("b", String(shown)));
    if (year !== null) {
      const x = this.x(year);
      const height = Number(this.svg.getAttribute("height"));
      this.cursor.append(shape("line", { x1: x, x2: x, y1: SIZE.top, y2: height - SIZE.bottom, class: "hair" }));
    }
    if (index >= 0) {
      for (const line of chart.lines) {
        const entry = grid.keys.get(line.key);
        const item = element("span", {}, text("i", "", `swatch c${entry.colour}`),
          text("span", this.say(line.values[index])));
        const band = chart.bands.find((each) => each.key === line.key && grid.data.areas.includes(each.key));
        if (band) item.append(text("small", this.range(band, index)));
        item.title = entry.name;
        this.readout.append(item);
        if (year !== null) {
          this.cursor.append(shape("circle", { cx: this.x(year), cy: this.y(line.values[index]), r: 4, class: `point c${entry.colour}` }));
        }
      }
    }
    const seen = chart.observed.find((mark) => mark.year === shown);
    if (seen) this.readout.append(text("span", `${grid.data.words.observed} ${this.say(seen.value)}`, "seen"));
  }

  fill() {
    this.table.lastElementChild.replaceChildren(dataTable(this.chart, this.grid.data, (value) => this.say(value)));
  }
}
