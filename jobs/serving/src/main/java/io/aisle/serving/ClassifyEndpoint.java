package io.aisle.serving;

import io.aisle.core.product.Product;
import io.aisle.core.product.ProductField;
import io.aisle.serving.http.BodyLimit;
import io.aisle.serving.http.Exchange;
import io.aisle.serving.http.JsonFields;
import io.aisle.serving.http.Requests;
import io.aisle.serving.model.Occlusion;
import io.aisle.serving.model.Occlusion.WordWeight;
import io.aisle.serving.model.Scorer;
import io.aisle.serving.model.ServedModel;
import io.javalin.http.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.stream.Stream;

/** {@code POST /v1/classify} and {@code POST /v1/explain}: the products of a body, all of them by one model. */
final class ClassifyEndpoint {
    private static final Set<String> CLASSIFY_FIELDS = Set.of("products", "top", "threshold", "back_off");
    private static final Set<String> EXPLAIN_FIELDS = Set.of("product", "top", "threshold", "category_path");
    private static final int MAX_TOP = 100;
    private static final int TOP = 5;
    private static final int MAX_EXPLAINED = 20_000;

    private final Scorer scorer;
    private final BodyLimit bodies;
    private final Executor executor;

    record ClassifyResponse(String model_version, List<PredictionJson> predictions) {}

    record Explanation(
            String model_version,
            PredictionJson prediction,
            String method,
            PredictionJson.Candidate explained,
            List<WordWeight> words,
            boolean is_shortened) {}

    /** @param executor writes the answers, so that a slow reader holds up no batch */
    ClassifyEndpoint(Scorer scorer, BodyLimit bodies, Executor executor) {
        this.scorer = scorer;
        this.bodies = bodies;
        this.executor = executor;
    }

    void classify(Context exchange) {
        byOneModel(exchange, model -> {
            JsonFields body = JsonFields.of(Requests.json(exchange, bodies), CLASSIFY_FIELDS);
            List<Product> products = new ArrayList<>();
            for (JsonFields each : body.objects("products", ServeSettings.MAX_PRODUCTS, Requests.PRODUCT_FIELDS)) {
                products.add(cleaned(model, each, Integer.toString(products.size() + 1)));
            }
            int top = body.wholeNumber("top", 1, MAX_TOP, TOP);
            OptionalDouble threshold = body.number("threshold", 0, 1);
            boolean isBackingOff = body.flag("back_off");
            body.check();
            Exchange.isAbout(exchange, products.size());
            return scorer.score(model, products)
                    .thenAcceptAsync(
                            probabilities -> {
                                List<PredictionJson> predictions = new ArrayList<>();
                                for (int i = 0; i < probabilities.size(); i++) {
                                    predictions.add(PredictionJson.of(
                                            products.get(i).id(),
                                            model.prediction(probabilities.get(i), threshold, top, isBackingOff)));
                                }
                                Exchange.answer(exchange, 200, new ClassifyResponse(model.version(), predictions));
                            },
                            executor);
        });
    }

    void explain(Context exchange) {
        byOneModel(exchange, model -> {
            JsonFields body = JsonFields.of(Requests.json(exchange, bodies), EXPLAIN_FIELDS);
            JsonFields fields = body.object("product", Requests.PRODUCT_FIELDS);
            Product product = cleaned(model, fields, "1");
            requireExplainable(fields, product);
            int top = body.wholeNumber("top", 1, MAX_TOP, TOP);
            OptionalDouble threshold = body.number("threshold", 0, 1);
            int asked = body.path("category_path")
                    .map(path -> {
                        int label = model.bundle().labels().indexOf(path);
                        if (label < 0) {
                            body.error(
                                    "/category_path",
                                    "found " + JsonFields.shown(path.toString()) + ", expected a label of the model");
                        }
                        return label;
                    })
                    .orElse(-1);
            body.check();
            Exchange.isAbout(exchange, 1);
            Occlusion occlusion = Occlusion.of(model, product);
            return scorer.score(model, occlusion.products())
                    .thenAcceptAsync(
                            probabilities -> {
                                PredictionJson prediction = PredictionJson.of(
                                        product.id(), model.prediction(probabilities.get(0), threshold, top, false));
                                int label = asked >= 0 ? asked : model.mostProbable(probabilities.get(0));
                                Exchange.answer(
                                        exchange,
                                        200,
                                        new Explanation(
                                                model.version(),
                                                prediction,
                                                "occlusion",
                                                PredictionJson.Candidate.of(
                                                        model.bundle().labels().get(label),
                                                        probabilities.get(0)[label]),
                                                occlusion.weights(probabilities, label),
                                                occlusion.isShortened()));
                            },
                            executor);
        });
    }

    /** The product of a body as the model reads it; complains where it would read nothing. */
    private static Product cleaned(ServedModel model, JsonFields fields, String absentId) {
        Product product = model.bundle().recipe().clean(Requests.product(fields, absentId));
        if (!model.bundle().recipe().hasText(product)) {
            fields.error("", "found no letter or digit in any field, expected some text");
        }
        return product;
    }

    /** Each word is an answer to the whole product without it, so that a long one would cost hundreds of times its length. */
    private static void requireExplainable(JsonFields fields, Product product) {
        long characters = Stream.of(ProductField.values())
                .mapToLong(field -> product.field(field).length())
                .sum();
        if (characters > MAX_EXPLAINED) {
            fields.error(
                    "",
                    String.format(
                            Locale.ROOT,
                            "found %,d characters, expected at most %,d to explain",
                            characters,
                            MAX_EXPLAINED));
        }
    }

    /** Answers with the model of the moment, which stays open until the answer is there. */
    private void byOneModel(Context exchange, Function<ServedModel, CompletableFuture<Void>> answering) {
        scorer.begin();
        ServedModel model = scorer.lease();
        CompletableFuture<Void> answered;
        try {
            answered = answering.apply(model);
        } catch (RuntimeException | Error e) {
            model.giveBack();
            scorer.end();
            throw e;
        }
        exchange.future(() -> answered.whenComplete((done, failure) -> {
            model.giveBack();
            scorer.end();
        }));
    }
}
