/** Numbers, times and paths for people. */
import { element } from "./dom.js";

const COUNT = new Intl.NumberFormat("en");

/** @param {number} count */
export function count(value) {
  return COUNT.format(value);
}

/** `1 row`, `2 rows`. */
export function counted(value, one, many = `${one}s`) {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** A share from 0 to 1 as a percentage: whole, but never 0% of something or 100% of what is less. */
export function percent(share) {
  const whole = Math.round(share * 100);
  const decimals = (whole === 100 && share < 1) || (whole < 10 && share > 0) ? 1 : 0;
  const shown = (share * 100).toFixed(decimals);
  if (shown === "0.0") {
    return "under 0.1%";
  }
  return shown === "100.0" ? "over 99.9%" : `${shown}%`;
}

/** A threshold or a metric as a percentage, with one decimal where it has any. */
export function exactPercent(share) {
  return `${Number((share * 100).toFixed(1))}%`;
}

/** @param {string[]} path root first */
export function pathText(path) {
  return path.join(" > ");
}

/** @param {string[]} one @param {string[]} other */
export function samePath(one, other) {
  return one.length === other.length && one.every((name, level) => name === other[level]);
}

/** The deepest name of a path, and what is above it below it in small. */
export function pathLines(path) {
  return element(
    "span",
    { class: "path" },
    element("span", { class: "leaf", text: path[path.length - 1] }),
    " ",
    path.length > 1 ? element("span", { class: "muted", text: path.slice(0, -1).join(" › ") }) : null,
  );
}

/** A path as a list from the root. */
export function breadcrumb(path) {
  return element("ol", { class: "breadcrumb", "aria-label": "Path" }, ...path.map((name) => element("li", { text: name })));
}

/** @param {string} time ISO 8601 */
export function time(value) {
  const at = new Date(value);
  if (Number.isNaN(at.getTime())) {
    return element("span", { text: value });
  }
  const shown = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short" }).format(at);
  return element("time", { datetime: value, text: shown });
}
