/** Charts, drawn by d3 for the width that there is, each with its numbers as a table under it. */
import { bar, element } from "./dom.js";
import { count } from "./format.js";
import { table } from "./table.js";

const { d3 } = globalThis;
const HEIGHT = 260;
const FONT = 12;
const TICK_WIDTH = 72;

/** Draws into a figure whenever its width changes. */
function figure({ source, caption, legend = [], draw, numbers }) {
  const canvas = element("div", { class: "canvas" });
  new ResizeObserver(([entry]) => {
    const width = Math.round(entry.contentRect.width);
    if (width > 0 && Number(canvas.dataset.width) !== width) {
      canvas.dataset.width = String(width);
      // a change of size within the observer's own turn is a complaint of the browser's
      requestAnimationFrame(() => canvas.replaceChildren(draw(width)));
    }
  }).observe(canvas);
  return element(
    "figure",
    { class: "chart", "data-source": source },
    element("figcaption", { text: caption }),
    legend.length < 2
      ? null
      : element(
          "ul",
          { class: "legend", "aria-hidden": "true" },
          ...legend.map((name, i) => element("li", { class: `series-${i % 6}`, text: name })),
        ),
    canvas,
    element("details", { class: "numbers" }, element("summary", { text: "Numbers" }), table({ source, caption, ...numbers })),
  );
}

function svg(width, height, label) {
  return d3
    .create("svg")
    .attr("viewBox", `0 0 ${width} ${height}`)
    .attr("role", "img")
    .attr("aria-label", label);
}

/** Where an axis has its numbers; of a logarithm at powers of ten, and where these are few at 2 and 5 of them too. */
function ticksOf(scale, axis, wanted) {
  if (axis.scale !== "log") {
    return scale.ticks(wanted).filter((tick) => !axis.whole || Number.isInteger(tick));
  }
  const [low, high] = scale.domain();
  const decades = d3.range(Math.floor(Math.log10(low)), Math.ceil(Math.log10(high)) + 1);
  const steps = decades.length * 3 <= wanted * 2 ? [1, 2, 5] : [1];
  const every = Math.ceil(decades.length / (wanted + 1));
  return decades
    .filter((_, i) => i % every === 0)
    .flatMap((decade) => steps.map((step) => step * 10 ** decade))
    .filter((tick) => tick >= low && tick <= high);
}

/** Both axes with their titles. */
function axes(picture, { x, y, xScale, yScale, width, height, margin }) {
  const wanted = Math.max(2, Math.floor((width - margin.left - margin.right) / TICK_WIDTH));
  const bottom = height - margin.bottom;
  picture
    .append("g")
    .attr("class", "axis")
    .attr("transform", `translate(0,${bottom})`)
    .call(d3.axisBottom(xScale).tickValues(ticksOf(xScale, x, wanted)).tickSizeOuter(0).tickFormat(x.format ?? null));
  picture
    .append("g")
    .attr("class", "axis grid")
    .attr("transform", `translate(${margin.left},0)`)
    .call(
      d3
        .axisLeft(yScale)
        .tickValues(ticksOf(yScale, y, 5))
        .tickSize(-(width - margin.left - margin.right))
        .tickFormat(y.format ?? null),
    );
  picture
    .append("text")
    .attr("class", "axis-title")
    .attr("x", width - margin.right)
    .attr("y", height - 4)
    .attr("text-anchor", "end")
    .text(x.title);
  picture.append("text").attr("class", "axis-title").attr("x", 0).attr("y", FONT).text(y.title);
}

/** Room at the left for the widest of the axis's numbers. */
function leftMargin(scale, axis) {
  const format = axis.format ?? scale.tickFormat(5);
  const widest = Math.max(...ticksOf(scale, axis, 5).map((tick) => format(tick).length), 1);
  return 16 + widest * FONT * 0.62;
}

function scaleOf(axis, values, range) {
  const [low, high] = axis.domain ?? d3.extent(values);
  const scale = axis.scale === "log" ? d3.scaleLog() : d3.scaleLinear();
  return scale.domain(low === high ? [low, low === 0 ? 1 : low * 1.1] : [low, high]).range(range);
}

/**
 * Lines, one a series, a band around each that has bounds.
 *
 * @param {{source: string, caption: string, x: object, y: object, rules?: {x?: number, y?: number, label: string}[], diagonal?: boolean,
 *   series: {name: string, points: {x: number, y: number | null, lower?: number, upper?: number}[]}[]}} of axes have `title`, and where
 *   wanted `format`, `scale: "log"`, `domain`, and `whole` for no numbers between whole ones
 */
export function lines({ source, caption, x, y, series, rules = [], diagonal = false }) {
  const points = series.flatMap((one) => one.points.filter((point) => point.y !== null));
  const draw = (width) => {
    const margin = { top: 28, right: 12, bottom: 44, left: 0 };
    const yScale = scaleOf(
      y,
      [...points.flatMap((point) => [point.y, point.lower ?? point.y, point.upper ?? point.y]), ...rules.flatMap((rule) => rule.y ?? [])],
      [HEIGHT - margin.bottom, margin.top],
    );
    margin.left = leftMargin(yScale, y);
    const xScale = scaleOf(x, [...points.map((point) => point.x), ...rules.flatMap((rule) => rule.x ?? [])], [
      margin.left,
      width - margin.right,
    ]);
    const picture = svg(width, HEIGHT, caption);
    axes(picture, { x, y, xScale, yScale, width, height: HEIGHT, margin });
    if (diagonal) {
      const ends = [Math.max(xScale.domain()[0], yScale.domain()[0]), Math.min(xScale.domain()[1], yScale.domain()[1])];
      picture
        .append("line")
        .attr("class", "diagonal")
        .attr("x1", xScale(ends[0]))
        .attr("y1", yScale(ends[0]))
        .attr("x2", xScale(ends[1]))
        .attr("y2", yScale(ends[1]));
    }
    for (const rule of rules) {
      drawRule(picture, rule, { xScale, yScale, width, margin });
    }
    series.forEach((one, i) => {
      const defined = one.points.filter((point) => point.y !== null);
      const group = picture.append("g").attr("class", `series-${i % 6}`);
      const banded = defined.filter((point) => point.lower !== undefined && point.lower !== null);
      group
        .append("path")
        .attr("class", "band")
        .attr(
          "d",
          d3
            .area()
            .x((point) => xScale(point.x))
            .y0((point) => yScale(point.lower))
            .y1((point) => yScale(point.upper))(banded),
        );
      group
        .append("path")
        .attr("class", "line")
        .attr(
          "d",
          d3
            .line()
            .x((point) => xScale(point.x))
            .y((point) => yScale(point.y))(defined),
        );
      if (defined.length <= 100) {
        group
          .selectAll("circle")
          .data(defined)
          .join("circle")
          .attr("cx", (point) => xScale(point.x))
          .attr("cy", (point) => yScale(point.y))
          .attr("r", defined.length <= 40 ? 3.5 : 2)
          .append("title")
          .text((point) => `${one.name}: ${(x.format ?? String)(point.x)}, ${(y.format ?? String)(point.y)}`);
      }
    });
    return picture.node();
  };
  const rows = series.flatMap((one) => one.points.map((point) => ({ series: one.name, ...point })));
  const has = (key) => rows.some((row) => row[key] !== undefined);
  const columns = [
    ...(series.length > 1 ? [{ key: "series", title: "Series" }] : []),
    { key: "x", title: x.title, format: x.format },
    { key: "y", title: y.title, format: y.format },
    ...(has("lower") ? [{ key: "lower", title: "Lower", format: y.format }] : []),
    ...(has("upper") ? [{ key: "upper", title: "Upper", format: y.format }] : []),
  ];
  return figure({ source, caption, legend: series.map((one) => one.name), draw, numbers: { rows, columns } });
}

/** A line across, named at its end. */
function drawRule(picture, rule, { xScale, yScale, width, margin }) {
  const isVertical = rule.x !== undefined;
  const at = isVertical ? xScale(rule.x) : yScale(rule.y);
  const line = picture.append("line").attr("class", "rule");
  const label = picture.append("text").attr("class", "rule-label").text(rule.label);
  if (isVertical) {
    line.attr("x1", at).attr("x2", at).attr("y1", margin.top).attr("y2", HEIGHT - margin.bottom);
    const isRight = at > (width + margin.left) / 2;
    label.attr("x", at + (isRight ? -5 : 5)).attr("y", margin.top + FONT).attr("text-anchor", isRight ? "end" : "start");
  } else {
    line.attr("y1", at).attr("y2", at).attr("x1", margin.left).attr("x2", width - margin.right);
    label.attr("x", width - margin.right).attr("y", at - 5).attr("text-anchor", "end");
  }
}

/**
 * Counts of what lies from one bound to the next.
 *
 * @param {{source: string, caption: string, x: object, y: object, rules?: object[], bins: {from: number, to: number, count: number}[]}} of
 */
export function histogram({ source, caption, x, y: counts, bins, rules = [] }) {
  const y = { format: count, whole: true, ...counts };
  const counted = y.scale === "log" ? bins.filter((bin) => bin.count > 0) : bins;
  const draw = (width) => {
    const margin = { top: 28, right: 12, bottom: 44, left: 0 };
    const top = d3.max(bins, (bin) => bin.count) ?? 0;
    const yScale = scaleOf({ domain: [y.scale === "log" ? 0.5 : 0, Math.max(1, top)], ...y }, [], [
      HEIGHT - margin.bottom,
      margin.top,
    ]);
    margin.left = leftMargin(yScale, y);
    const xScale = scaleOf(x, [...bins.flatMap((bin) => [bin.from, bin.to]), ...rules.flatMap((rule) => rule.x ?? [])], [
      margin.left,
      width - margin.right,
    ]);
    const picture = svg(width, HEIGHT, caption);
    axes(picture, { x, y, xScale, yScale, width, height: HEIGHT, margin });
    picture
      .append("g")
      .attr("class", "series-0")
      .selectAll("rect")
      .data(counted)
      .join("rect")
      .attr("class", "block")
      .attr("x", (bin) => xScale(bin.from))
      .attr("width", (bin) => Math.max(1, xScale(bin.to) - xScale(bin.from) - 1))
      .attr("y", (bin) => yScale(bin.count))
      .attr("height", (bin) => Math.max(0, yScale.range()[0] - yScale(bin.count)))
      .append("title")
      .text((bin) => `${(x.format ?? String)(bin.from)} to ${(x.format ?? String)(bin.to)}: ${count(bin.count)}`);
    for (const rule of rules) {
      drawRule(picture, rule, { xScale, yScale, width, margin });
    }
    return picture.node();
  };
  const columns = [
    { key: "from", title: `${x.title}, from`, format: x.format },
    { key: "to", title: "under", format: x.format },
    { key: "count", title: y.title },
  ];
  return figure({ source, caption, draw, numbers: { rows: bins, columns } });
}

/**
 * Horizontal bars: a table whose last column is drawn, so that it needs no other for who cannot see it.
 *
 * @param {{source: string, caption: string, items: {name: string, value: number, detail?: string}[], format?: (value: number) => string,
 *   max?: number, limit?: number}} of
 */
export function bars({ source, caption, items, format = count, max, limit = 20 }) {
  const full = max ?? Math.max(...items.map((item) => item.value ?? 0), 0);
  const columns = [
    { key: "name", title: "Name", header: true },
    { key: "value", title: "Value", format, numeric: true },
    {
      key: "share",
      title: "Bar",
      format: (_, row) => bar(full === 0 ? 0 : (row.value ?? 0) / full),
    },
    ...(items.some((item) => item.detail) ? [{ key: "detail", title: "Detail" }] : []),
  ];
  const drawn = table({ source, caption, rows: items.map((item) => ({ ...item, share: "" })), columns, limit, sortable: false });
  drawn.classList.add("bars");
  drawn.querySelector("thead").classList.add("visually-hidden");
  return drawn;
}

/**
 * Shades of a number a pair.
 *
 * @param {{source: string, caption: string, rows: string[], columns: string[], value: (row: string, column: string) => number | null,
 *   format?: (value: number) => string}} of
 */
export function heatmap({ source, caption, rows, columns, value, format = count }) {
  const values = rows.flatMap((row) => columns.map((column) => value(row, column))).filter((one) => one !== null);
  const shade = d3.scaleSqrt().domain([0, Math.max(...values, 1e-9)]).range([0, 100]);
  const cells = (row) =>
    columns.map((column) => {
      const one = value(row, column);
      const cell = element("td", { class: "shade", title: one === null ? null : `${row} → ${column}: ${format(one)}` });
      if (one !== null) {
        // between the two no colour of the text would be readable
        const isDeep = shade(one) > 55;
        cell.style.setProperty("--shade", `${Math.round(isDeep ? 86 + (shade(one) - 55) * 0.3 : shade(one) * 0.7)}%`);
        cell.classList.toggle("deep", isDeep);
        cell.dataset.value = String(one);
        cell.append(format(one));
      }
      return cell;
    });
  return element(
    "div",
    { class: "scroll", tabindex: "0", role: "region", "aria-label": `${caption}, table` },
    element(
      "table",
      { class: "heatmap", "data-source": source },
      element("caption", { text: caption }),
      element(
        "thead",
        {},
        element("tr", {}, element("td"), ...columns.map((column) => element("th", { scope: "col" }, element("span", { text: column })))),
      ),
      element("tbody", {}, ...rows.map((row) => element("tr", {}, element("th", { scope: "row", text: row }), ...cells(row)))),
    ),
  );
}

/**
 * Areas of a tree.
 *
 * @param {{source: string, caption: string, root: {name: string, value?: number, children?: object[]}, valueTitle: string}} of leaves have
 *   a value; two levels are drawn
 */
export function treemap({ source, caption, root, valueTitle }) {
  const draw = (width) => {
    const height = Math.max(HEIGHT, Math.min(480, width * 0.6));
    const tree = d3
      .hierarchy(root)
      .sum((node) => node.value ?? 0)
      .sort((one, other) => other.value - one.value);
    d3.treemap().size([width, height]).paddingInner(2).paddingOuter(2).paddingTop(20).round(true)(tree);
    const picture = svg(width, height, caption);
    const branches = tree.children ?? [];
    branches.forEach((branch, i) => {
      const group = picture.append("g").attr("class", `series-${i % 6}`);
      rectangle(group, branch, "branch");
      (branch.children ?? []).forEach((leaf) => rectangle(group, leaf, "leaf"));
    });
    return picture.node();
  };
  const rows = (root.children ?? []).flatMap((branch) =>
    (branch.children ?? [branch]).map((leaf) => ({
      name: leaf === branch ? branch.name : `${branch.name} > ${leaf.name}`,
      value: leaf.value,
    })),
  );
  const columns = [
    { key: "name", title: "Category", header: true },
    { key: "value", title: valueTitle },
  ];
  return figure({ source, caption, draw, numbers: { rows, columns } });
}

function rectangle(group, node, kind) {
  const width = node.x1 - node.x0;
  const height = node.y1 - node.y0;
  const name = node.data.name;
  const box = group.append("g").attr("transform", `translate(${node.x0},${node.y0})`);
  box
    .append("rect")
    .attr("class", kind)
    .attr("width", width)
    .attr("height", height)
    .append("title")
    .text(`${name}: ${count(node.value)}`);
  const room = Math.floor((width - 8) / (FONT * 0.56));
  if (height >= 16 && room >= 4) {
    box
      .append("text")
      .attr("x", 4)
      .attr("y", 14)
      .text(name.length > room ? `${name.slice(0, room - 1)}…` : name);
  }
}
