// What charts.js draws with: elements, marks, axis scales, and files for the user.

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

function shape(tag, attributes) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

function text(tag, content, style = "", namespace = null, attributes = {}) {
  const made = namespace ? shape(tag, attributes) : element(tag, attributes);
  made.textContent = content;
  if (style) made.setAttribute("class", style);
  return made;
}

const stroke = (entry) => ({ class: `line c${entry.colour}`, "stroke-dasharray": entry.dash });
const dot = (cx, cy) => shape("circle", { cx, cy, r: 2.8, class: "observed" });
const diamond = (x, y, status) =>
  shape("path", { d: `M${x} ${y - 6}L${x + 6} ${y}L${x} ${y + 6}L${x - 6} ${y}Z`, class: `mark ${status}` });

function area(band, times, x, y, entry) {
  const known = times.map((_, i) => i).filter((i) => Number.isFinite(band.low[i]) && Number.isFinite(band.high[i]));
  const side = (values) => known.map((i) => `${x(times[i]).toFixed(1)} ${y(values[i]).toFixed(1)}`);
  const edge = [...side(band.high), ...side(band.low).reverse()];
  return shape("path", { d: `M${edge.join("L")}Z`, class: `band c${entry.colour}`, "data-key": band.key });
}

function patch(entry) {
  const made = shape("svg", { width: 30, height: 12, "aria-hidden": "true" });
  made.append(shape("rect", { width: 30, height: 12, class: `band c${entry.colour}` }));
  return made;
}

function bar() {
  const made = shape("svg", { width: 10, height: 16, "aria-hidden": "true" });
  made.append(barMark(5));
  return made;
}

function barMark(x) {
  const group = shape("g", { class: "key c0" });
  group.append(shape("line", { x1: x, x2: x, y1: 1, y2: 15 }), shape("circle", { cx: x, cy: 8, r: 2.2 }));
  return group;
}

function scale(values, zero, count) {
  let low = Math.min(...values, ...(zero ? [0] : []));
  let high = Math.max(...values, ...(zero ? [0] : []));
  if (!Number.isFinite(low)) [low, high] = [0, 1];
  if (high - low < 1e-9) [low, high] = [low - (Math.abs(low) * 0.02 || 1), high + (Math.abs(high) * 0.02 || 1)];
  const rough = ((high - low) * 1.08) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((n) => n * power).find((n) => n >= rough);
  const first = Math.floor(low / step);
  const last = Math.max(Math.ceil((high + (high - low) * 0.05) / step), first + 1);
  return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
}

// A number with a true minus sign; what is shown as zero has no sign.
function figure(value, digits, locale, signed = false) {
  const shown = value.toLocaleString(locale,
    { minimumFractionDigits: digits, maximumFractionDigits: digits, signDisplay: signed ? "exceptZero" : "auto" });
  return /^-[0.,]*$/.test(shown) ? shown.slice(1) : shown.replace("-", "−");
}

function decimals(step) {
  for (let digits = 0; digits < 6; digits += 1) {
    if (Math.abs(step * 10 ** digits - Math.round(step * 10 ** digits)) < 1e-6) return digits;
  }
  return 6;
}

function luminance(colour) {
  const hex = /^#?([0-9a-f]{6})/i.exec(colour)?.[1];
  if (!hex) return 1;
  const [r, g, b] = [0, 2, 4].map((i) => parseInt(hex.slice(i, i + 2), 16) / 255);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function inline(page) {
  const kept = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "font-family", "font-size", "font-weight", "opacity"];
  for (const node of [page, ...page.querySelectorAll("*")]) {
    const style = getComputedStyle(node);
    for (const name of kept) node.style.setProperty(name, style.getPropertyValue(name));
  }
}

function save(content, type, name) {
  const link = element("a", { download: name });
  link.href = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }));
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}
