/** The model that answers, asked for once and again when an answer comes from another. */
export class ModelSource {
  #api;
  /** @type {Promise<object> | null} */
  #model = null;

  /** @param {import("./api.js").Api} api */
  constructor(api) {
    this.#api = api;
  }

  /** @returns {Promise<object>} the `Model` of the API */
  load() {
    if (this.#model === null) {
      const model = this.#api.get("v1/model");
      this.#model = model;
      model.catch(() => {
        if (this.#model === model) {
          this.#model = null;
        }
      });
    }
    return this.#model;
  }

  /** Asks again. */
  reload() {
    this.#model = null;
    return this.load();
  }

  /** @param {string} version of the model that gave an answer */
  async loadVersion(version) {
    const model = await this.load();
    return model.version === version ? model : this.reload();
  }
}
