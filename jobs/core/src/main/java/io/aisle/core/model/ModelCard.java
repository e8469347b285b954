package io.aisle.core.model;

import java.util.Map;

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
        StringBuilder card = new StringBuilder();
        card.append("---\nlibrary_name: onnx\npipeline_tag: text-classification\ntags:\n- product-classification\n");
        card.append("model-index:\n- name: ").append(quoted(model.kind())).append("\n  results:\n");
        card.append("  - task:\n      type: text-classification\n    dataset:\n      name: prepared products\n");
        card.append("      type: catalog\n      revision: ")
                .append(quoted(provenance.dataFingerprint()))
                .append("\n    metrics:");
        boolean measured = false;
        for (Map.Entry<String, Double> metric : metrics.entrySet()) {
            if (Double.isFinite(metric.getValue())) {
                card.append("\n    - type: ").append(quoted(metric.getKey()));
                card.append("\n      value: ").append(metric.getValue());
                measured = true;
            }
        }
        card.append(measured ? "\n---\n\n" : " []\n---\n\n");
        card.append("# Product classifier\n\nPuts a product into one of ")
                .append(model.labels().size())
                .append(" categories, listed in `labels.txt` in the order of the network's output.\n\n");
        card.append("- Reads ")
                .append(model.maxTokens())
                .append(" word pieces at most, of `vocab.txt`, joined by the recipe in `manifest.json`.\n");
        card.append(
                        "- `model.onnx`: `input_ids` and `attention_mask` (int64 [batch, tokens]) to `logits` (float [batch,")
                .append(" labels]), log-probabilities with the calibration temperature in them.\n");
        card.append("- A prediction of confidence ")
                .append(acceptThreshold)
                .append(" or more is accepted (chosen on validation rows for a precision of ")
                .append(targetPrecision)
                .append("); the others are for a person to look at.\n");
        card.append("- DistilBERT of ")
                .append(model.network().layers())
                .append(" layers, ")
                .append(model.network().dim())
                .append(" wide, ")
                .append(model.network().heads())
                .append(" heads.\n");
        return card.toString();
    }

    /** A YAML string in double quotes. */
    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
