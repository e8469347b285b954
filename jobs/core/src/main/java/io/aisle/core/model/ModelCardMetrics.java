package io.aisle.core.model;

import io.aisle.core.metric.BootstrapIntervals.Interval;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;

/** What a model card says to programs: YAML with the metrics in Hugging Face's model-index form. */
final class ModelCardMetrics {
    private static final String OF_VALIDATION = "validation_";

    /** By the names of the manifest, as Hugging Face's evaluate library and people call them, the most important first. */
    private static final Map<String, Known> KNOWN = known();

    private ModelCardMetrics() {}

    /**
     * A metric's names.
     *
     * @param average over classes; empty where there is none
     */
    private record Known(String type, String name, String average) {}

    /**
     * A metric that has a value.
     *
     * @param key as the manifest calls it
     */
    record Named(String key, String type, String name, String average, double value) {}

    private static Map<String, Known> known() {
        Map<String, Known> known = new LinkedHashMap<>();
        known.put("accuracy", new Known("accuracy", "Accuracy", ""));
        known.put("weighted_f1", new Known("f1", "Weighted F1", "weighted"));
        known.put("macro_f1", new Known("f1", "Macro F1", "macro"));
        known.put("accepted_precision", new Known("precision", "Precision of what is accepted", ""));
        known.put("accepted_share", new Known("coverage", "Share that is accepted", ""));
        known.put("ece_after", new Known("expected_calibration_error", "Expected calibration error", ""));
        known.put(
                "ece_before",
                new Known(
                        "expected_calibration_error_uncalibrated",
                        "Expected calibration error before calibration",
                        ""));
        known.put("log_loss_uncalibrated", new Known("log_loss_uncalibrated", "Log-loss before calibration", ""));
        return known;
    }

    /** The metrics that have a value: those that are known first, then the others by name. */
    static List<Named> named(SortedMap<String, Double> metrics) {
        List<Named> named = new ArrayList<>();
        KNOWN.forEach((name, known) -> {
            String key = metrics.containsKey(OF_VALIDATION + name) ? OF_VALIDATION + name : name;
            if (Double.isFinite(metrics.getOrDefault(key, Double.NaN))) {
                named.add(new Named(key, known.type(), known.name(), known.average(), metrics.get(key)));
            }
        });
        metrics.forEach((key, value) -> {
            String name = key.startsWith(OF_VALIDATION) ? key.substring(OF_VALIDATION.length()) : key;
            if (!KNOWN.containsKey(name) && Double.isFinite(value)) {
                String words = name.replace('_', ' ');
                named.add(new Named(
                        key, name, words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1), "", value));
            }
        });
        return named;
    }

    /** The front matter, with its lines of dashes. Without a metric it has no model-index, which may not be empty. */
    static String frontMatter(
            ModelDefinition model,
            Provenance provenance,
            SortedMap<String, Double> metrics,
            SortedMap<String, Interval> intervals) {
        StringBuilder yaml = new StringBuilder();
        yaml.append("---\nlibrary_name: ").append(model instanceof NetworkDefinition ? "onnx" : "aisle");
        yaml.append("\npipeline_tag: text-classification\ntags:\n- product-classification\n");
        List<Named> named = named(metrics);
        if (!named.isEmpty()) {
            yaml.append(String.format(
                    Locale.ROOT, """
                    model-index:
                    - name: %s
                      results:
                      - task:
                          type: text-classification
                          name: "Product classification"
                        dataset:
                          type: catalog
                          name: "Prepared products"
                          split: validation
                          revision: %s
                        metrics:
                    """, quoted(kind(model, provenance)), quoted(provenance.dataFingerprint())));
            named.forEach(metric -> yaml.append(entry(metric, intervals.get(metric.key()))));
        }
        return yaml.append("---\n").toString();
    }

    private static String entry(Named metric, Interval interval) {
        StringBuilder entry = new StringBuilder();
        entry.append("    - type: ").append(quoted(metric.type()));
        entry.append("\n      value: ")
                .append(BigDecimal.valueOf(metric.value()).toPlainString());
        entry.append("\n      name: ")
                .append(quoted(metric.name() + (interval == null ? "" : " (95%: " + inWords(interval) + ")")));
        if (!metric.average().isEmpty()) {
            entry.append("\n      args:\n        average: ").append(metric.average());
        }
        return entry.append('\n').toString();
    }

    static String inWords(Interval interval) {
        return String.format(Locale.ROOT, "%.4f – %.4f", interval.lower(), interval.upper());
    }

    /** As people ask for it, else by what executes it. */
    private static String kind(ModelDefinition model, Provenance provenance) {
        return provenance.parameters().getOrDefault("kind", model.kind());
    }

    /** A YAML string in double quotes. */
    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
