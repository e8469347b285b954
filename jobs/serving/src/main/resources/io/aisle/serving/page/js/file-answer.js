/** What a file's answer says so far: counts, and its first rows. */
import { element, icon } from "./dom.js";
import { count, pathText, percent } from "./format.js";
import { CsvRows, JsonRows } from "./rows.js";
import { verdict } from "./verdict.js";

const SHOWN = 20;
/** Why a record was not classified. */
const ERRORS = {
  missing_id: "It has no id.",
  no_text: "There is no letter or digit in any field.",
  over_long_field: "A field is too long",
  unparsable: "It cannot be read.",
  wrong_type: "A field is no text",
};

export class FileAnswer {
  #isCsv;
  #reader;
  /** @type {string[] | null} of a CSV answer */
  #header = null;
  #pieces = [];
  rows = 0;
  accepted = 0;
  review = 0;
  errors = 0;
  first = [];

  /** @param {string} type the media type of the answer */
  constructor(type) {
    this.#isCsv = type.startsWith("text/csv");
    this.#reader = this.#isCsv ? new CsvRows() : new JsonRows();
    this.type = type;
  }

  /** @param {string} text the next piece */
  push(text) {
    this.#pieces.push(text);
    this.#reader.push(text).forEach((row) => this.#take(row));
  }

  end() {
    this.#reader.end().forEach((row) => this.#take(row));
  }

  /** The whole of it, as it came. */
  blob() {
    return new Blob(this.#pieces, { type: this.type });
  }

  #take(record) {
    if (this.#isCsv && this.#header === null) {
      this.#header = record.map((name) => name.replace(/^\uFEFF/, ""));
      return;
    }
    const row = this.#isCsv ? this.#fromCsv(record) : record;
    this.rows += 1;
    if (row.error) {
      this.errors += 1;
    } else if (row.decision === "accepted") {
      this.accepted += 1;
    } else {
      this.review += 1;
    }
    if (this.first.length < SHOWN) {
      this.first.push(row);
    }
  }

  #fromCsv(cells) {
    const row = Object.fromEntries(this.#header.map((name, place) => [name, cells[place] ?? ""]));
    return { ...row, confidence: row.confidence === "" ? null : Number(row.confidence) };
  }
}

/** @param {FileAnswer} answer */
export function countParts(answer) {
  const part = (name, value) => element("div", {}, element("dt", { text: name }), element("dd", { text: count(value) }));
  return [part("accepted", answer.accepted), part("for review", answer.review), part("with errors", answer.errors)];
}

/** `over_long_field: title` in words. */
function errorWords(error) {
  const [reason, ...detail] = error.split(": ");
  return [ERRORS[reason] ?? reason, ...detail].join(": ");
}

/** A row of the table. */
export function answerRow(row) {
  const category = row.category_path ? pathText(row.category_path) : (row.category ?? "");
  return element(
    "tr",
    {},
    element("th", { scope: "row", text: row.id }),
    element("td", { text: category }),
    element("td", { class: "number", text: row.confidence === null ? "" : percent(row.confidence) }),
    element("td", {}, row.error ? element("span", { class: "verdict error" }, icon("problem"), "Error") : verdict(row.decision)),
    element("td", { text: row.error ? errorWords(row.error) : row.reason }),
  );
}
