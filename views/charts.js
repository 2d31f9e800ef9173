// A grid of line charts drawn as SVG: one cursor year shared by all of them, by pointer or by
// arrow keys; targets, observed dots, values at the cursor, a data table, CSV and PNG for each.
// Everything written by people reaches the page as text, never as markup.

const SVG = "http://www.w3.org/2000/svg";
const SIZE = { height: 214, left: 48, right: 16, top: 14, bottom: 26 };
const cursors = new WeakMap(); // the cursor year of each grid survives a redraw

export default function (component) {
  const root = component.parentElement.querySelector(".charts");
  const grid = new Grid(root, component.data);
  grid.draw();
  const observer = new ResizeObserver(() => grid.fit());
  observer.observe(root);
  const theme = new MutationObserver(() => grid.tint());
  theme.observe(document.documentElement, { attributes: true, subtree: false });
  return () => { observer.disconnect(); theme.disconnect(); };
}

class Grid {
  constructor(root, data) {
    this.root = root;
    this.data = data;
    this.format = new Intl.NumberFormat(data.locale, { useGrouping: true });
    this.keys = new Map(data.legend.map((entry) => [entry.key, entry]));
    this.charts = [];
    this.width = 0;
  }

  draw() {
    const open = new Set([...this.root.querySelectorAll("details[open]")].map((d) => d.dataset.chart));
    const focused = this.root.getRootNode().activeElement?.dataset?.chart;
    this.root.replaceChildren();
    this.tint();
    this.root.append(this.legend());
    const grid = element("div", { class: this.data.charts.length === 1 ? "grid single" : "grid" });
    this.root.append(grid);
    this.charts = this.data.charts.map((chart) => new Chart(this, chart, open.has(chart.id)));
    grid.append(...this.charts.map((chart) => chart.figure));
    this.width = 0;
    this.fit();
    if (focused) this.charts.find((c) => c.chart.id === focused)?.svg.focus({ preventScroll: true });
    this.root.dataset.drawn = String(performance.now());
  }

  fit() {
    const width = this.root.clientWidth;
    if (!width || width === this.width) return;
    this.width = width;
    this.charts.forEach((chart) => chart.plot());
    this.point(cursors.get(this.root) ?? null);
  }

  tint() {
    const colour = getComputedStyle(this.root).getPropertyValue("--st-background-color").trim();
    this.root.classList.toggle("dark", luminance(colour) < 0.5);
  }

  legend() {
    const list = element("ul", { class: "legend" });
    const { data } = this;
    for (const entry of data.legend) {
      const swatch = shape("svg", { width: 30, height: 12, "aria-hidden": "true" });
      swatch.append(shape("line", { x1: 1, x2: 29, y1: 6, y2: 6, class: "line", ...stroke(entry) }));
      list.append(element("li", {}, swatch, text("span", entry.name)));
    }
    if (data.charts.some((chart) => chart.bands.length)) {
      list.append(element("li", {}, patch(data.legend[0]), text("span", data.words.band)));
    }
    const marks = { observed: "observed", current: "target", superseded: "superseded" };
    for (const [name, label] of Object.entries(marks)) {
      const shown = data.charts.some((chart) => name === "observed"
        ? chart.observed.length : chart.targets.some((target) => target.status === name));
      if (!shown) continue;
      const swatch = shape("svg", { width: 16, height: 14, "aria-hidden": "true" });
      swatch.append(name === "observed" ? dot(8, 7) : diamond(8, 7, name));
      list.append(element("li", {}, swatch, text("span", data.words[label])));
    }
    return list;
  }

  point(year) {
    cursors.set(this.root, year);
    this.charts.forEach((chart) => chart.point(year));
  }
}

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
      text("summary", words.table), element("div", { class: "scroll" }));
    this.table.open = open;
    if (open) this.fill();
    this.table.addEventListener("toggle", () => this.table.open && this.fill());
    const tools = element("span", { class: "tools" },
      this.button("CSV", words.csv, () => save(this.csv(), "text/csv;charset=utf-8", `${chart.file}.csv`)),
      this.button("PNG", words.png, () => this.png()));
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
    const share = (event.clientX - box.left - SIZE.left) / (box.width - SIZE.left - SIZE.right);
    const year = Math.round(from + share * (to - from));
    return Math.min(Math.max(year, from), to);
  }

  plot() {
    const { chart, svg, grid } = this;
    const width = Math.max(svg.parentElement.clientWidth - 26, 200);
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
    this.x = (year) => SIZE.left + ((year - from) / (to - from)) * (width - SIZE.left - SIZE.right);
    this.y = (value) =>
      height - SIZE.bottom - ((value - low) / (high - low)) * (height - SIZE.top - SIZE.bottom);
    this.axes(ticks, width, height);
    for (const band of chart.bands) svg.append(area(band, chart.times, this.x, this.y, grid.keys.get(band.key)));
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
      svg.append(shape("line", { x1: SIZE.left, x2: width - SIZE.right, y1: y, y2: y,
        class: Math.abs(tick) < 1e-12 ? "zero" : "rule" }));
      const label = tick.toLocaleString(grid.data.locale,
        { minimumFractionDigits: digits, maximumFractionDigits: digits });
      svg.append(text("text", label, "tick", SVG, { x: SIZE.left - 6, y: y + 4, "text-anchor": "end" }));
    }
    const [from, to] = grid.data.domain;
    for (let year = Math.ceil(from / 5) * 5; year <= to; year += 5) {
      const x = this.x(year);
      svg.append(shape("line", { x1: x, x2: x, y1: height - SIZE.bottom, y2: height - SIZE.bottom + 4, class: "zero" }));
      svg.append(text("text", String(year), "tick", SVG, { x, y: height - 8, "text-anchor": "middle" }));
    }
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
    const { digits } = this.chart;
    if (!Number.isFinite(value)) return "–";
    const sign = this.grid.data.signed && value > 0 ? "+" : "";
    return sign + value.toLocaleString(this.grid.data.locale,
      { minimumFractionDigits: digits, maximumFractionDigits: digits });
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

  rows() {
    const { chart, grid } = this;
    const head = [grid.data.words.year, ...chart.lines.map((line) => grid.keys.get(line.key).name)];
    if (chart.observed.length) head.push(grid.data.words.observed);
    const years = [...new Set([...chart.observed.map((mark) => mark.year), ...chart.times])].sort((a, b) => a - b);
    const body = years.map((year) => {
      const at = chart.times.indexOf(year);
      const row = [year, ...chart.lines.map((line) => (at < 0 ? null : line.values[at]))];
      if (chart.observed.length) row.push(chart.observed.find((mark) => mark.year === year)?.value ?? null);
      return row;
    });
    return { head, body };
  }

  fill() {
    const { head, body } = this.rows();
    const table = element("table", {}, text("caption", `${this.chart.title} (${this.chart.unit})`),
      element("thead", {}, element("tr", {}, ...head.map((cell) => text("th", cell)))),
      element("tbody", {}, ...body.map((row) => element("tr", {},
        text("th", String(row[0])), ...row.slice(1).map((cell) => text("td", cell === null ? "" : this.say(cell)))))));
    this.table.lastElementChild.replaceChildren(table);
  }

  csv() {
    const quote = (cell) => `"${String(cell ?? "").replace(/^([=+@\t\r]|-(?!\d))/, "'$1").replaceAll('"', '""')}"`;
    const { head, body } = this.rows();
    const named = head.map((cell, i) => (i ? `${cell} (${this.chart.unit})` : cell));
    const lines = [named, ...body].map((row) => row.map(quote).join(","));
    return "\ufeff" + lines.join("\r\n") + "\r\n" + quote(this.grid.data.provenance) + "\r\n";
  }

  async png() {
    const { grid, chart } = this;
    const width = this.svg.viewBox.baseVal.width;
    const plot = this.svg.viewBox.baseVal.height;
    const names = chart.lines.map((line) => grid.keys.get(line.key));
    const [top, foot] = [40 + 18 * names.length, 26];
    const page = shape("svg", { xmlns: SVG, width, height: top + plot + foot, class: "plot" });
    const drawing = this.svg.cloneNode(true);
    drawing.setAttribute("y", top);
    drawing.setAttribute("width", width);
    drawing.querySelector(".cursor").remove();
    page.append(shape("rect", { width: "100%", height: "100%", class: "paper" }),
      text("text", `${chart.title} (${chart.unit})`, "heading", SVG, { x: 12, y: 24 }));
    names.forEach((entry, i) => {
      const y = 44 + 18 * i;
      page.append(shape("line", { x1: 12, x2: 40, y1: y - 4, y2: y - 4, class: "line", ...stroke(entry) }),
        text("text", entry.name, "tick", SVG, { x: 48, y }));
    });
    page.append(drawing, text("text", grid.data.provenance, "note", SVG, { x: 12, y: top + plot + 16 }));
    this.figure.append(page);
    inline(page);
    page.remove();
    const image = new Image();
    image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(new XMLSerializer().serializeToString(page));
    await image.decode();
    const canvas = element("canvas", { width: width * 2, height: (top + plot + foot) * 2 });
    const brush = canvas.getContext("2d");
    brush.scale(2, 2);
    brush.drawImage(image, 0, 0);
    canvas.toBlob((blob) => save(blob, "image/png", `${chart.file}.png`));
  }
}
