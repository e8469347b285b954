package io.aisle.serving.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.aisle.core.model.Classifier;
import io.aisle.core.model.ModelBundle;
import io.aisle.core.model.Prediction;
import io.aisle.core.product.Product;
import io.javalin.Javalin;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** What one writes first: each request asks the model by itself, in its own thread. On the same HTTP server as the service. */
final class PlainServer implements AutoCloseable {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final ModelBundle bundle;
    private final Classifier classifier;
    private final Javalin javalin;

    /** @param threadsPerCall that the network may use */
    PlainServer(ModelBundle bundle, int threadsPerCall) {
        this.bundle = bundle;
        this.classifier = bundle.classifier(threadsPerCall);
        this.javalin = Javalin.create(config -> {
                    config.startup.showJavalinBanner = false;
                    config.jetty.threadPool = new QueuedThreadPool(64, 8);
                    config.routes.post("/v1/classify", this::classify);
                })
                .start("127.0.0.1", 0);
    }

    int port() {
        return javalin.port();
    }

    private void classify(Context exchange) throws IOException {
        JsonNode given =
                MAPPER.readTree(exchange.bodyAsBytes()).path("products").path(0);
        Product product = bundle.recipe()
                .clean(new Product(
                        given.path("id").asText(),
                        given.path("title").asText(),
                        given.path("brand").asText(),
                        given.path("description").asText(),
                        given.path("feature").asText()));
        float[] probabilities = classifier.probabilities(List.of(product)).get(0);
        Prediction prediction = Prediction.of(
                bundle.labels(),
                probabilities,
                bundle.manifest().acceptThreshold(),
                bundle.labels().size());
        exchange.contentType("application/json")
                .result(MAPPER.writeValueAsBytes(Map.of(
                        "id",
                        product.id(),
                        "category_path",
                        prediction.category().names(),
                        "confidence",
                        prediction.confidence())));
    }

    @Override
    public void close() {
        javalin.stop();
        classifier.close();
    }
}
