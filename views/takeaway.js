// What a chart gives away: its data as a table on the page and as CSV, its picture as PNG.

function rows(chart, data, low, high) {
  const names = new Map(data.legend.map((entry) => [entry.key, entry.name]));
  const bands = new Map(chart.bands.map((band) => [band.key, band]));
  const seen = chart.observed.length > 0;
  const head = [data.words.year];
  for (const { key } of chart.lines) {
    head.push(names.get(key));
    if (bands.has(key)) head.push(`${names.get(key)} ${low}`, `${names.get(key)} ${high}`);
  }
  if (seen) head.push(data.words.observed);
  const years = [...new Set([...chart.observed.map((mark) => mark.year), ...chart.times])].sort((a, b) => a - b);
  const body = years.map((year) => {
    const at = chart.times.indexOf(year);
    const row = [year];
    for (const { key, values } of chart.lines) {
      const band = bands.get(key);
      for (const series of [values, ...(band ? [band.low, band.high] : [])]) row.push(at < 0 ? null : series[at]);
    }
    if (seen) row.push(chart.observed.find((mark) => mark.year === year)?.value ?? null);
    return row;
  });
  return { head, body };
}

function dataTable(chart, data, say) {
  const { head, body } = rows(chart, data, data.words.low, data.words.high);
  return element("table", {}, text("caption", `${chart.title} (${chart.unit})`),
    element("thead", {}, element("tr", {}, ...head.map((cell) => text("th", cell)))),
    element("tbody", {}, ...body.map((row) => element("tr", {},
      text("th", String(row[0])), ...row.slice(1).map((cell) => text("td", cell === null ? "" : say(cell)))))));
}

function csv(chart, data) {
  // A name that a spreadsheet would run as a formula is quoted for it too.
  const quote = (cell) => `"${String(cell ?? "").replace(/^([=+@\t\r]|-(?!\d))/, "'$1").replaceAll('"', '""')}"`;
  const { head, body } = rows(chart, data, "p10", "p90");
  const named = head.map((cell, i) => (i ? `${cell} (${chart.unit})` : cell));
  const lines = [named, ...body].map((row) => row.map(quote).join(","));
  return "\ufeff" + lines.join("\r\n") + "\r\n" + quote(data.provenance) + "\r\n";
}

async function png(drawn) {
  const { chart, svg, figure, grid } = drawn;
  const { width, height } = svg.viewBox.baseVal;
  const keys = pngLegend(chart, grid);
  const foot = wrapped(grid.data.provenance, width - 24, `9px ${getComputedStyle(svg).fontFamily}`);
  const top = 40 + 18 * keys.length;
  const whole = top + height + 14 + 12 * foot.length;
  const page = shape("svg", { xmlns: SVG, width, height: whole, class: "plot" });
  const drawing = svg.cloneNode(true);
  drawing.setAttribute("y", top);
  drawing.setAttribute("width", width);
  drawing.querySelector(".cursor").remove();
  page.append(shape("rect", { width: "100%", height: "100%", class: "paper" }),
    text("text", `${chart.title} (${chart.unit})`, "heading", SVG, { x: 12, y: 24 }));
  keys.forEach(([mark, words], i) => {
    mark.setAttribute("transform", `translate(12 ${34 + 18 * i})`);
    page.append(mark, text("text", words, "tick", SVG, { x: 48, y: 44 + 18 * i }));
  });
  foot.forEach((words, i) => page.append(text("text", words, "note", SVG, { x: 12, y: top + height + 16 + 12 * i })));
  page.append(drawing);
  figure.append(page);
  inline(page);
  page.remove();
  const image = new Image();
  image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(new XMLSerializer().serializeToString(page));
  await image.decode();
  const canvas = element("canvas", { width: width * 2, height: whole * 2 });
  const brush = canvas.getContext("2d");
  brush.scale(2, 2);
  brush.drawImage(image, 0, 0);
  canvas.toBlob((blob) => save(blob, "image/png", `${chart.file}.png`));
}

// Marks with their words: the lines, then what the chart shows of their bands.
function pngLegend(chart, grid) {
  const { words, areas, ends } = grid.data;
  const keys = chart.lines.map(({ key }) => {
    const entry = grid.keys.get(key);
    return [shape("line", { x1: 0, x2: 28, y1: 6, y2: 6, ...stroke(entry) }), entry.name];
  });
  for (const { key } of chart.bands.filter((band) => areas.includes(band.key))) {
    const { colour, name } = grid.keys.get(key);
    keys.push([shape("rect", { width: 28, height: 12, class: `band c${colour}` }), `${words.band} · ${name}`]);
  }
  if (ends && chart.bands.length) keys.push([barMark(14), words.ends]);
  return keys;
}

function wrapped(words, width, font) {
  const brush = element("canvas").getContext("2d");
  brush.font = font;
  const lines = [""];
  for (const letter of words) {
    if (brush.measureText(lines.at(-1) + letter).width > width) lines.push("");
    lines[lines.length - 1] += letter;
  }
  return lines;
}
