package io.aisle.serving.feedback;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.aisle.core.product.Product;
import java.util.List;
import java.util.Optional;

/**
 * What a person said of a product.
 *
 * @param product with the texts that the person saw, as they were given
 * @param categoryPath where it belongs, root first
 * @param action {@code correct}, or {@code accept} where the person confirms what the model said
 * @param predictedPath what the model said
 * @param confidence how sure it was
 */
public record Correction(
        Product product,
        List<String> categoryPath,
        String action,
        Optional<List<String>> predictedPath,
        Optional<Double> confidence,
        Optional<String> modelVersion) {

    /** Its line in a file of corrections, which {@code prepare --corrections} reads. */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    record Line(
            String id,
            List<String> category_path,
            String corrected_at,
            String corrected_by,
            String action,
            String title,
            String brand,
            String description,
            String feature,
            List<String> predicted_path,
            Double confidence,
            String model_version,
            String request) {}

    /**
     * @param at when, ISO 8601
     * @param by name of the API key
     * @param request what tells the request from others of the same Idempotency-Key
     */
    Line line(String at, String by, String request) {
        return new Line(
                product.id(),
                categoryPath,
                at,
                by,
                action,
                product.title(),
                product.brand(),
                product.description(),
                product.feature(),
                predictedPath.orElse(null),
                confidence.orElse(null),
                modelVersion.orElse(null),
                request);
    }
}
