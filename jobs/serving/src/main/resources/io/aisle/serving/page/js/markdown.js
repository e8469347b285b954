/** The Markdown of model cards: headings, lists, tables, code, paragraphs. Anything else is shown as it is written. */
import { element } from "./dom.js";

const INLINE = /`([^`]+)`|\*\*([^*]+)\*\*|\*([^*\s][^*]*)\*|\[([^\]]+)\]\((https?:\/\/[^\s)]+)\)/g;

/**
 * @param {string} markdown
 * @param {number} topLevel of the HTML heading that `#` becomes
 * @returns {HTMLElement[]}
 */
export function rendered(markdown, topLevel) {
  const lines = withoutFrontMatter(markdown.replace(/\r\n?/g, "\n").split("\n"));
  const blocks = [];
  let at = 0;
  while (at < lines.length) {
    const [made, next] = block(lines, at, topLevel);
    if (made !== null) {
      blocks.push(made);
    }
    at = next;
  }
  return blocks;
}

/** Front matter is for machines. */
function withoutFrontMatter(lines) {
  const end = lines[0]?.trimEnd() === "---" ? lines.findIndex((line, place) => place > 0 && line.trimEnd() === "---") : -1;
  return lines.slice(end + 1);
}

/** @returns {[HTMLElement | null, number]} a block, and the line after it */
function block(lines, at, topLevel) {
  const line = lines[at];
  if (line.trim() === "") {
    return [null, at + 1];
  }
  if (line.startsWith("```")) {
    const close = lines.findIndex((other, place) => place > at && other.startsWith("```"));
    const end = close < 0 ? lines.length : close;
    const code = element("code", { text: lines.slice(at + 1, end).join("\n") });
    return [element("pre", { tabindex: "0" }, code), end + 1];
  }
  const heading = /^(#{1,6})\s+(.*)$/.exec(line);
  if (heading) {
    const level = Math.min(6, topLevel + heading[1].length - 1);
    return [element(`h${level}`, {}, ...inline(heading[2])), at + 1];
  }
  if (isTable(lines, at)) {
    return table(lines, at);
  }
  for (const [tag, bullet] of [["ul", /^\s*[-*+]\s+(.*)$/], ["ol", /^\s*\d+[.)]\s+(.*)$/]]) {
    if (bullet.test(line)) {
      return list(lines, at, tag, bullet);
    }
  }
  const end = endOf(lines, at, (other) => other.trim() !== "" && !/^(#{1,6}\s|```|\s*[-*+]\s)/.test(other));
  return [element("p", {}, ...inline(lines.slice(at, end).join(" "))), end];
}

function endOf(lines, at, belongs) {
  let end = at + 1;
  while (end < lines.length && belongs(lines[end])) {
    end += 1;
  }
  return end;
}

/** A line that is no bullet and not empty goes on with the item before it. */
function list(lines, at, tag, bullet) {
  const items = [];
  let end = at;
  while (end < lines.length && lines[end].trim() !== "") {
    const item = bullet.exec(lines[end]);
    if (item) {
      items.push(item[1]);
    } else {
      items[items.length - 1] += ` ${lines[end].trim()}`;
    }
    end += 1;
  }
  return [element(tag, {}, ...items.map((item) => element("li", {}, ...inline(item)))), end];
}

function isTable(lines, at) {
  return lines[at].includes("|") && /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/.test(lines[at + 1] ?? "") && lines[at + 1].includes("|");
}

function table(lines, at) {
  const end = endOf(lines, at + 1, (line) => line.includes("|"));
  const row = (line, tag, properties) => element("tr", {}, ...cells(line).map((cell) => element(tag, properties, ...inline(cell))));
  const body = lines.slice(at + 2, end).map((line) => row(line, "td", {}));
  const made = element("table", {}, element("thead", {}, row(lines[at], "th", { scope: "col" })), element("tbody", {}, ...body));
  return [element("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": "Table" }, made), end];
}

function cells(line) {
  return line
    .trim()
    .replace(/^\||\|$/g, "")
    .split("|")
    .map((cell) => cell.trim());
}

function inline(text) {
  const parts = [];
  let at = 0;
  for (const found of text.matchAll(INLINE)) {
    parts.push(text.slice(at, found.index));
    const [whole, code, strong, emphasis, label, address] = found;
    if (code !== undefined) {
      parts.push(element("code", { text: code }));
    } else if (strong !== undefined) {
      parts.push(element("strong", { text: strong }));
    } else if (emphasis !== undefined) {
      parts.push(element("em", { text: emphasis }));
    } else {
      parts.push(element("a", { href: address, rel: "noreferrer", text: label }));
    }
    at = found.index + whole.length;
  }
  parts.push(text.slice(at));
  return parts.filter((part) => part !== "");
}
