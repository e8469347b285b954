/** A report: what a reader must decide first, then its sections. */
import { byId, element } from "./dom.js";

/**
 * Puts the parts of a report on the page, and its sections into the contents.
 *
 * @param {(data: any) => (Node | null)[]} build from the report's JSON
 */
export function report(build) {
  const parts = build(JSON.parse(byId("data").textContent)).filter((part) => part !== null);
  const main = byId("main");
  main.append(...parts);
  const links = parts
    .filter((part) => part.matches("section"))
    .map((part) => element("li", {}, element("a", { href: `#${part.id}`, text: part.querySelector("h2").textContent })));
  document.querySelector(".contents").append(element("ol", {}, ...links));
  document.documentElement.dataset.ready = "true";
}

const LEVELS = { ok: "Nothing to do", info: "", warn: "Look at this", fail: "Act on this" };

/**
 * The headline.
 *
 * @param {{level: "ok" | "info" | "warn" | "fail", title: string, sentences: (string | Node)[]}} said
 */
export function verdict({ level, title, sentences }) {
  return element(
    "header",
    { class: `verdict ${level}` },
    LEVELS[level] ? element("p", { class: "level", text: LEVELS[level] }) : null,
    element("h1", { text: title }),
    sentences.length === 0 ? null : element("ul", {}, ...sentences.map((sentence) => element("li", {}, sentence))),
  );
}

/** @param {{id: string, title: string, lead?: string}} head @param {...(Node | null)} nodes */
export function section({ id, title, lead }, ...nodes) {
  return element(
    "section",
    { id, class: "panel stack", "aria-labelledby": `${id}-heading` },
    element("h2", { id: `${id}-heading`, text: title }),
    lead ? element("p", { class: "lead", text: lead }) : null,
    ...nodes.filter((node) => node !== null && node !== undefined),
  );
}

/** A sentence beside the numbers. */
export function note(text) {
  return element("p", { class: "muted", text });
}

/** Numbers that are read at a glance. @param {{name: string, value: string, detail?: string}[]} items */
export function figures(items) {
  return element(
    "dl",
    { class: "figures" },
    ...items.map(({ name, value, detail }) =>
      element(
        "div",
        {},
        element("dt", { text: name }),
        element("dd", { text: value }),
        detail ? element("dd", { class: "muted", text: detail }) : null,
      ),
    ),
  );
}
