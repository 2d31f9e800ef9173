// A grid of line charts drawn as SVG: one cursor year shared by all of them, by pointer or by
// arrow keys; targets, observed dots, values at the cursor, a data table, CSV and PNG for each.
// Everything written by people reaches the page as text, never as markup.

const SVG = "http://www.w3.org/2000/svg";
const SIZE = { height: 214, left: 48, right: 16, top: 14, bottom: 26 };
const BAR = 8; // width of the bar of one line's band in the last year
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
    // For whoever measures: what has been drawn, and when.
    this.root.dataset.provenance = this.data.provenance;
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
      const shaded = data.areas.map((key) => patch(this.keys.get(key)));
      if (shaded.length) list.append(element("li", {}, ...shaded, text("span", data.words.band)));
      if (data.ends) list.append(element("li", {}, bar(), text("span", data.words.ends)));
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
