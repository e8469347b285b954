/** Which column of a file is which field of a product. */
import { CsvRows, JsonRows } from "./rows.js";

const READ_BYTES = 256 * 1024;
const READ_RECORDS = 20;

export const FIELDS = ["id", "title", "brand", "description", "feature"];

/** Other names that columns have, likeliest first. */
const OTHER_NAMES = {
  id: ["sku", "asin", "product_id", "productid", "item_id", "code", "gtin", "ean"],
  title: ["name", "product_name", "product_title", "product"],
  brand: ["maker", "manufacturer", "vendor", "brand_name"],
  description: ["long_text", "text", "long_description", "product_description", "details", "body"],
  feature: ["features", "bullets", "bullet_points", "highlights", "specs"],
};

/**
 * @param {File} file
 * @returns {Promise<{type: string, names: string[], problem: string | null}>} the media type, the names of its columns, and what is
 *     wrong with it
 */
export async function readHeader(file) {
  const text = (await file.slice(0, READ_BYTES).text()).replace(/^\uFEFF/, "");
  const isJson = /\.(jsonl|ndjson|json)$/i.test(file.name) || (!/\.csv$/i.test(file.name) && /^\s*[{[]/.test(text));
  const type = isJson ? "application/x-ndjson" : "text/csv";
  if (text.trim() === "") {
    return { type, names: [], problem: "The file is empty." };
  }
  if (isJson && text.trimStart().startsWith("[")) {
    return { type, names: [], problem: "The file is one JSON array, expected JSON lines: one record a line." };
  }
  return { type, names: isJson ? jsonNames(text) : csvNames(text), problem: null };
}

function csvNames(text) {
  const rows = new CsvRows();
  const [header] = [...rows.push(text), ...rows.end()];
  return (header ?? []).map((name) => name.trim()).filter((name) => name !== "");
}

/** Of the first records. What is an object is no text, and the service reaches into none. */
function jsonNames(text) {
  const names = new Set();
  for (const record of new JsonRows().push(`${text}\n`).slice(0, READ_RECORDS)) {
    for (const [name, value] of Object.entries(record ?? {})) {
      if (value === null || typeof value !== "object" || Array.isArray(value)) {
        names.add(name);
      }
    }
  }
  return [...names];
}

/** The name of the column that probably is the field, or an empty string. */
export function likelyColumn(field, names) {
  const plain = (name) => name.toLowerCase().replace(/[\s-]+/g, "_");
  for (const sought of [field, ...OTHER_NAMES[field]]) {
    const found = names.find((name) => name === sought) ?? names.find((name) => plain(name) === sought);
    if (found !== undefined) {
      return found;
    }
  }
  return "";
}

/** Whether the parameter `columns` can name it: it parts names by these signs. */
export function canBeNamed(name) {
  return !/[,=]/.test(name);
}

/**
 * @param {Record<string, string>} columns the name of each field's column, empty where there is none
 * @returns {string} what the API wants as `columns`: fields of other names than their own
 */
export function columnsParameter(columns) {
  return Object.entries(columns)
    .filter(([field, name]) => name !== "" && name !== field)
    .map(([field, name]) => `${field}=${name}`)
    .join(",");
}
