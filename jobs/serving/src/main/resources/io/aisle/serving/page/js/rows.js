/** Reads records of a text that comes in pieces. */

/** CSV, after RFC 4180: a quoted field may hold commas, line ends, and quotes that are doubled. */
export class CsvRows {
  #field = "";
  #row = [];
  #isQuoted = false;
  #quoteEnded = false;
  #isEmpty = true;

  /**
   * @param {string} text the next piece
   * @returns {string[][]} the records that end in it
   */
  push(text) {
    const rows = [];
    for (const character of text) {
      this.#take(character, rows);
    }
    return rows;
  }

  /** @returns {string[][]} the last record, where no line end follows it */
  end() {
    const rows = [];
    if (!this.#isEmpty) {
      this.#endRow(rows);
    }
    return rows;
  }

  #take(character, rows) {
    if (this.#isQuoted) {
      if (this.#quoteEnded) {
        this.#quoteEnded = false;
        if (character === '"') {
          this.#field += '"';
          return;
        }
        this.#isQuoted = false;
      } else if (character === '"') {
        this.#quoteEnded = true;
        return;
      } else {
        this.#field += character;
        return;
      }
    }
    if (character === "\n") {
      if (!this.#isEmpty) {
        this.#endRow(rows);
      }
    } else if (character === ",") {
      this.#isEmpty = false;
      this.#row.push(this.#field);
      this.#field = "";
    } else if (character === '"' && this.#field === "") {
      this.#isEmpty = false;
      this.#isQuoted = true;
    } else if (character !== "\r") {
      this.#isEmpty = false;
      this.#field += character;
    }
  }

  #endRow(rows) {
    rows.push([...this.#row, this.#field]);
    this.#row = [];
    this.#field = "";
    this.#isEmpty = true;
    this.#isQuoted = false;
    this.#quoteEnded = false;
  }
}

/** JSON, one record a line. A line that is no JSON is left out. */
export class JsonRows {
  #rest = "";

  /**
   * @param {string} text the next piece
   * @returns {object[]} the records that end in it
   */
  push(text) {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop();
    return parsedLines(lines);
  }

  end() {
    return parsedLines([this.#rest]);
  }
}

function parsedLines(lines) {
  const rows = [];
  for (const line of lines) {
    if (line.trim() !== "") {
      try {
        rows.push(JSON.parse(line));
      } catch {
        // the header of a file may be cut in the middle of a line
      }
    }
  }
  return rows;
}
