/** Finds categories among thousands by parts of their names. */

/** Lower case, without accents. */
function folded(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

export class Categories {
  #entries;

  /** @param {string[][]} paths root first */
  constructor(paths) {
    this.#entries = paths.map((path) => ({ path, whole: folded(path.join(" > ")), leaf: folded(path[path.length - 1]) }));
  }

  get size() {
    return this.#entries.length;
  }

  /**
   * Paths in which each word of the query stands; first those whose deepest name begins with it, then those that have it there.
   *
   * @param {string} query
   * @param {number} limit how many to give at most
   * @returns {{paths: string[][], count: number}} `count` of all that fit
   */
  search(query, limit) {
    const sought = folded(query.trim());
    const words = sought.split(/[\s>›]+/).filter((word) => word !== "");
    const ranks = [[], [], [], []];
    for (const entry of this.#entries) {
      if (words.every((word) => entry.whole.includes(word))) {
        ranks[rank(entry, sought, words)].push(entry.path);
      }
    }
    const found = ranks.flat();
    return { paths: found.slice(0, limit), count: found.length };
  }
}

function rank(entry, sought, words) {
  if (entry.leaf.startsWith(sought)) {
    return 0;
  }
  if (words.every((word) => entry.leaf.includes(word))) {
    return 1;
  }
  return words.some((word) => entry.leaf.includes(word)) ? 2 : 3;
}
