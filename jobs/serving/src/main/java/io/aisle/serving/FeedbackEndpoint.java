package io.aisle.serving;

import com.fasterxml.jackson.databind.JsonNode;
import io.aisle.core.model.ModelDefinition;
import io.aisle.core.product.CategoryPath;
import io.aisle.serving.feedback.Correction;
import io.aisle.serving.feedback.CorrectionStore;
import io.aisle.serving.feedback.ReviewQueue;
import io.aisle.serving.http.BodyLimit;
import io.aisle.serving.http.Exchange;
import io.aisle.serving.http.JsonFields;
import io.aisle.serving.http.Problem;
import io.aisle.serving.http.Requests;
import io.aisle.serving.model.Scorer;
import io.aisle.serving.model.ServedModel;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpStatus;

/** {@code /v1/feedback} and {@code /v1/review}: what people are shown, and what they say of it. */
final class FeedbackEndpoint {
    private static final Pattern IDEMPOTENCY_KEY = Pattern.compile("[A-Za-z0-9._-]{8,128}");
    private static final Pattern VERSION = Pattern.compile("[0-9a-f]{12}");
    private static final Set<String> ACTIONS = Set.of("correct", "accept");
    private static final Set<String> FIELDS = fields();
    private static final int MAX_PAGE = 100;
    private static final int PAGE = 20;

    private final Scorer scorer;
    private final Optional<CorrectionStore> store;
    private final Optional<ReviewQueue> queue;
    private final boolean allowsNewCategories;
    private final BodyLimit bodies;

    record FeedbackResponse(int stored, long total) {}

    record ReviewPage(String run_id, List<ReviewRow> rows, Integer next, int total, int corrected) {}

    record ReviewRow(
            String id,
            String title,
            String brand,
            String description,
            String feature,
            JsonNode category_path,
            JsonNode confidence,
            JsonNode top,
            String reason,
            String model_version) {
        static ReviewRow of(JsonNode row) {
            return new ReviewRow(
                    row.path("id").asText(),
                    row.path("title").asText(),
                    row.path("brand").asText(),
                    row.path("description").asText(),
                    row.path("feature").asText(),
                    row.path("category_path"),
                    row.path("confidence"),
                    row.path("top"),
                    row.path("reason").asText(),
                    row.path("model_version").asText());
        }
    }

    FeedbackEndpoint(
            Scorer scorer,
            Optional<CorrectionStore> store,
            Optional<ReviewQueue> queue,
            boolean allowsNewCategories,
            BodyLimit bodies) {
        this.scorer = scorer;
        this.store = store;
        this.queue = queue;
        this.allowsNewCategories = allowsNewCategories;
        this.bodies = bodies;
    }

    private static Set<String> fields() {
        Set<String> fields = new HashSet<>(Requests.PRODUCT_FIELDS);
        fields.addAll(Set.of("category_path", "action", "predicted_path", "confidence", "model_version"));
        return Set.copyOf(fields);
    }

    void correct(Context exchange) {
        CorrectionStore corrections = store();
        String key = exchange.header("Idempotency-Key");
        if (key == null || !IDEMPOTENCY_KEY.matcher(key).matches()) {
            throw Problem.invalid(
                    "Idempotency-Key",
                    "found " + (key == null ? "none" : "another form")
                            + ", expected 8 to 128 letters, digits, dots, dashes or underscores that name this request");
        }
        JsonFields body = JsonFields.of(Requests.json(exchange, bodies), Set.of("corrections"));
        List<Correction> read = new ArrayList<>();
        ServedModel model = scorer.lease();
        try {
            for (JsonFields each : body.objects("corrections", ServeSettings.MAX_PRODUCTS, FIELDS)) {
                read.add(correction(each, model.bundle().manifest().model()));
            }
        } finally {
            model.giveBack();
        }
        body.check();
        Exchange.isAbout(exchange, read.size());
        boolean isNew = corrections.store(Exchange.by(exchange), key, read);
        Exchange.answer(
                exchange,
                isNew ? HttpStatus.CREATED_201 : HttpStatus.OK_200,
                new FeedbackResponse(read.size(), corrections.total()));
    }

    private Correction correction(JsonFields fields, ModelDefinition model) {
        fields.require("id", "the product's id");
        fields.require("category_path", "where the product belongs");
        Optional<CategoryPath> category = fields.path("category_path");
        category.filter(path -> !isKnown(path, model))
                .ifPresent(path -> fields.error(
                        "/category_path",
                        "found " + JsonFields.shown(path.toString())
                                + ", which the model does not know, expected one of its labels (GET /v1/model)"));
        String action = fields.text("action", 20).orElse("correct");
        if (!ACTIONS.contains(action)) {
            fields.error("/action", "found another word, expected correct or accept");
        }
        Optional<String> version = fields.text("model_version", 20);
        if (version.isPresent() && !VERSION.matcher(version.get()).matches()) {
            fields.error("/model_version", "found another form, expected 12 hex digits");
        }
        OptionalDouble confidence = fields.number("confidence", 0, 1);
        return new Correction(
                Requests.product(fields, "-"),
                category.map(CategoryPath::names).orElse(List.of()),
                action,
                fields.path("predicted_path").map(CategoryPath::names),
                confidence.isPresent() ? Optional.of(confidence.getAsDouble()) : Optional.empty(),
                version);
    }

    /** A label, or a category that was too rare to be one. */
    private boolean isKnown(CategoryPath path, ModelDefinition model) {
        return allowsNewCategories
                || model.labels().contains(path)
                || model.foldMap().containsKey(path.toString());
    }

    void counts(Context exchange) {
        Exchange.answer(exchange, HttpStatus.OK_200, store().counts());
    }

    void review(Context exchange) throws IOException {
        ReviewQueue rows = queue.orElseThrow(() -> Problem.of(
                HttpStatus.NOT_FOUND_404,
                "Cannot show rows for review: found a service that was started without --review, expected it."));
        ReviewQueue.Page page = rows.page(
                        Optional.ofNullable(exchange.queryParam("run_id")),
                        wholeNumber(exchange, "after", 0, Integer.MAX_VALUE, 0),
                        wholeNumber(exchange, "limit", 1, MAX_PAGE, PAGE),
                        id -> store.map(given -> given.isCorrected(id)).orElse(false))
                .orElseThrow(() -> Problem.of(
                        HttpStatus.NOT_FOUND_404,
                        "Cannot show rows for review: found no published run yet, expected one of aisle classify."));
        Exchange.answer(
                exchange,
                HttpStatus.OK_200,
                new ReviewPage(
                        page.runId(),
                        page.rows().stream().map(ReviewRow::of).toList(),
                        page.next().orElse(null),
                        page.total(),
                        page.done()));
    }

    private static int wholeNumber(Context exchange, String name, int min, int max, int absent) {
        String given = exchange.queryParam(name);
        if (given == null) {
            return absent;
        }
        try {
            int number = Integer.parseInt(given);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw Problem.invalid(name, "found what is no whole number, expected one from " + min + " to " + max);
        }
        throw Problem.invalid(name, "found a number out of bounds, expected one from " + min + " to " + max);
    }

    private CorrectionStore store() {
        return store.orElseThrow(() -> Problem.of(
                HttpStatus.NOT_FOUND_404,
                "Cannot take corrections: found a service that was started without --corrections, expected it."));
    }
}
