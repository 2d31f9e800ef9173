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
  const names = chart.lines.map((line) => grid.keys.get(line.key));
  const [top, foot] = [40 + 18 * names.length, 26];
  const page = shape("svg", { xmlns: SVG, width, height: top + height + foot, class: "plot" });
  const drawing = svg.cloneNode(true);
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
  page.append(drawing, text("text", grid.data.provenance, "note", SVG, { x: 12, y: top + height + 16 }));
  figure.append(page);
  inline(page);
  page.remove();
  const image = new Image();
  image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(new XMLSerializer().serializeToString(page));
  await image.decode();
  const canvas = element("canvas", { width: width * 2, height: (top + height + foot) * 2 });
  const brush = canvas.getContext("2d");
  brush.scale(2, 2);
  brush.drawImage(image, 0, 0);
  canvas.toBlob((blob) => save(blob, "image/png", `${chart.file}.png`));
}
