/** The names of metrics, for people. */
const NAMES = {
  accuracy: ["Accuracy", "rows put where they belong"],
  macro_f1: ["Macro F1", "mean over the categories, small ones count as much as large ones"],
  weighted_f1: ["Weighted F1", "mean over the categories by their rows"],
  macro_precision: ["Macro precision", "mean over the categories"],
  macro_recall: ["Macro recall", "mean over the categories"],
  weighted_precision: ["Weighted precision", "mean over the categories by their rows"],
  weighted_recall: ["Weighted recall", "mean over the categories by their rows"],
  top_3_accuracy: ["Top-3 accuracy", "the right category is among the three likeliest"],
  top_5_accuracy: ["Top-5 accuracy", "the right category is among the five likeliest"],
  accepted_share: ["Accepted share", "rows at or above the accept threshold"],
  accepted_precision: ["Accepted precision", "accepted rows that are where they belong"],
  back_off_accepted_share: ["Accepted share with back-off", "rows accepted, coarser categories among them"],
  back_off_accepted_precision: ["Accepted precision with back-off", "accepted rows that are where they belong or above it"],
  hierarchical_precision: ["Hierarchical precision", "counts the ancestors of a category too"],
  hierarchical_recall: ["Hierarchical recall", "counts the ancestors of a category too"],
  hierarchical_f1: ["Hierarchical F1", "counts the ancestors of a category too"],
  expected_calibration_error: ["Expected calibration error", "how far confidence is from the share that is right"],
  expected_calibration_error_uncalibrated: ["Expected calibration error before calibration", ""],
  log_loss: ["Log-loss", "lower is better"],
  log_loss_uncalibrated: ["Log-loss before calibration", "lower is better"],
  weighted_auc: ["Weighted AUC", "one category against the others, mean by their rows"],
};

const SHARES = /accuracy|precision|recall|f1$|share$/;

/**
 * @param {string} key as the bundle calls it
 * @returns {{name: string, meaning: string}}
 */
export function metricName(key) {
  const bare = key.replace(/^validation_/, "");
  const [name, meaning] = NAMES[bare] ?? [bare.charAt(0).toUpperCase() + bare.slice(1).replaceAll("_", " "), ""];
  return { name, meaning };
}

/** @param {string} key @param {number | null} value */
export function metricValue(key, value) {
  if (value === null) {
    return "undefined";
  }
  return SHARES.test(key) ? `${(value * 100).toFixed(1)}%` : value.toFixed(4);
}
