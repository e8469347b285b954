package io.aisle.serving;

import io.aisle.core.model.Prediction;
import io.aisle.core.product.CategoryPath;
import java.util.List;
import java.util.Locale;

/** A prediction as the API answers it: the columns of the nightly job's predictions. */
record PredictionJson(
        String id,
        String category,
        List<String> category_path,
        float confidence,
        List<Candidate> top,
        String decision,
        String reason) {

    record Candidate(String category, List<String> category_path, float confidence) {
        static Candidate of(CategoryPath category, float confidence) {
            return new Candidate(category.leaf(), category.names(), confidence);
        }
    }

    static PredictionJson of(String id, Prediction prediction) {
        return new PredictionJson(
                id,
                prediction.category().leaf(),
                prediction.category().names(),
                prediction.confidence(),
                prediction.top().stream()
                        .map(each -> Candidate.of(each.category(), each.confidence()))
                        .toList(),
                prediction.decision().name().toLowerCase(Locale.ROOT),
                prediction.reason());
    }
}
