/** Tables: sorted by a click on a heading, cut where they are long. */
import { bar, element } from "./dom.js";
import { count } from "./format.js";

const LIMIT = 20;

/**
 * @typedef {{key: string, title: string, format?: (value: any, row: any) => string | Node, bar?: number, header?: boolean,
 *   numeric?: boolean}} Column of objects: `bar` is the value of a full bar
 */

/** What a cell shows of a value that is not there. */
const NOTHING = "–";

function shown(value, row, column) {
  if (value === null || value === undefined) {
    return NOTHING;
  }
  if (column.format) {
    return column.format(value, row);
  }
  return typeof value === "number" ? count(value) : String(value);
}

function isNumeric(column, rows) {
  return column.numeric ?? rows.some((row) => typeof row[column.key] === "number");
}

function cell(row, column, numeric) {
  const value = row[column.key];
  const content = shown(value, row, column);
  return element(
    column.header ? "th" : "td",
    {
      scope: column.header ? "row" : null,
      class: numeric ? "number" : null,
      "data-key": column.key,
      "data-value": typeof value === "object" ? null : value,
    },
    content,
    column.bar && typeof value === "number" ? bar(value / column.bar) : null,
  );
}

/** Undefined values last, whichever way. */
function compare(key, ascending) {
  return (one, other) => {
    const [a, b] = [one[key], other[key]];
    if (a === b) {
      return 0;
    }
    if (a === null || a === undefined) {
      return 1;
    }
    if (b === null || b === undefined) {
      return -1;
    }
    const order = typeof a === "number" ? a - b : String(a).localeCompare(String(b), "en");
    return ascending ? order : -order;
  };
}

/**
 * @param {{source: string, caption: string, rows: any[], columns: Column[], limit?: number, sortable?: boolean}} of `source` is the JSON
 *   pointer of the rows
 */
export function table({ source, caption, rows, columns, limit = LIMIT, sortable = true }) {
  const numeric = columns.map((column) => isNumeric(column, rows));
  const body = element("tbody");
  const more = element("button", { type: "button", class: "quiet more" });
  let order = rows;
  let all = rows.length <= limit + 2;

  const fill = () => {
    const visible = all ? order : order.slice(0, limit);
    body.replaceChildren(
      ...visible.map((row) =>
        element("tr", { "data-index": rows.indexOf(row) }, ...columns.map((column, i) => cell(row, column, numeric[i]))),
      ),
    );
    more.hidden = all;
    more.textContent = `Show all ${count(rows.length)}`;
  };
  more.addEventListener("click", () => {
    all = true;
    fill();
  });

  const headings = columns.map((column, i) => {
    const heading = element("th", { scope: "col", class: numeric[i] ? "number" : null });
    const sort = element("button", { type: "button", class: "sort", text: column.title });
    sort.addEventListener("click", () => {
      const ascending = heading.getAttribute("aria-sort") === (numeric[i] ? "descending" : null);
      headings.forEach((other) => other.removeAttribute("aria-sort"));
      heading.setAttribute("aria-sort", ascending ? "ascending" : numeric[i] ? "descending" : "ascending");
      order = [...rows].sort(compare(column.key, heading.getAttribute("aria-sort") === "ascending"));
      fill();
    });
    heading.append(sortable && rows.length > 1 ? sort : column.title);
    return heading;
  });
  fill();
  return element(
    "div",
    { class: "table" },
    element(
      "div",
      { class: "scroll", tabindex: "0", role: "region", "aria-label": `${caption}, table` },
      element(
        "table",
        { "data-source": source },
        element("caption", { text: caption }),
        element("thead", {}, element("tr", {}, ...headings)),
        body,
      ),
    ),
    more,
  );
}
