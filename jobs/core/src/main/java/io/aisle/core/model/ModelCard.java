package io.aisle.core.model;

import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** A bundle's README.md: a short model card, with its metrics in Hugging Face's model-index form. */
final class ModelCard {
    private ModelCard() {}

    /** Markdown; undefined metrics are left out. The same text for the same model. */
    static String markdown(
            ModelDefinition model,
            Provenance provenance,
            Map<String, Double> metrics,
            double acceptThreshold,
            double targetPrecision) {
        return String.format(
                Locale.ROOT,
                """
                ---
                library_name: %s
                pipeline_tag: text-classification
                tags:
                - product-classification
                model-index:
                - name: %s
                  results:
                  - task:
                      type: text-classification
                    dataset:
                      name: prepared products
                      type: catalog
                      split: validation
                      revision: %s
                    metrics:%s
                ---

                # Product classifier

                Puts a product into one of %s categories, listed in `labels.txt` in the order of its answers.

                %s
                - %s
                - The metrics above are those of the validation rows, which chose the epoch, the calibration and the threshold: on rows \
                that it never saw, expect a little less.
                """,
                model instanceof NetworkDefinition ? "onnx" : "aisle",
                quoted(model.kind()),
                quoted(provenance.dataFingerprint()),
                list(metrics),
                model.labels().size(),
                model.describe().stream().map(item -> "- " + item).collect(Collectors.joining("\n")),
                accepted(acceptThreshold, targetPrecision));
    }

    private static String list(Map<String, Double> metrics) {
        StringBuilder list = new StringBuilder();
        metrics.forEach((name, value) -> {
            if (Double.isFinite(value)) {
                list.append("\n    - type: ").append(quoted(name));
                list.append("\n      value: ").append(value);
            }
        });
        return list.isEmpty() ? " []" : list.toString();
    }

    private static String accepted(double threshold, double targetPrecision) {
        if (threshold > 1) {
            return "No prediction is accepted, all are for a person to look at: no threshold had a precision of "
                    + targetPrecision + " on the validation rows.";
        }
        return "A prediction of confidence " + threshold
                + " or more is accepted (chosen on the validation rows for a precision of " + targetPrecision
                + "); the others are for a person to look at.";
    }

    /** A YAML string in double quotes. */
    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
