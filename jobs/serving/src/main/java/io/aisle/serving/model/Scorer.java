package io.aisle.serving.model;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.aisle.core.product.Product;
import io.aisle.serving.http.Problem;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.cache.CaffeineCacheMetrics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;

/** Scores products by the model of the moment: from what is remembered, else in batches. Closes nothing that it was given. */
public final class Scorer implements AutoCloseable {
    private final Champion champion;
    private final MicroBatcher batcher;
    private final Optional<Cache<Text, float[]>> cache;
    private final long timeoutSeconds;

    /**
     * How to score.
     *
     * @param threads that score, each with one core
     * @param batchProducts products that are scored together
     * @param batchWait how long a batch waits for more
     * @param queueProducts products that may wait
     * @param timeout how long they may wait
     * @param cacheBytes of answers that are remembered; 0: none
     */
    public record Limits(
            int threads, int batchProducts, Duration batchWait, int queueProducts, Duration timeout, long cacheBytes) {}

    /** What the answer depends on: the model, and all that it reads. */
    private record Text(String version, String title, String brand, String description, String feature) {
        static Text of(ServedModel model, Product product) {
            return new Text(
                    model.bundle().hash(), product.title(), product.brand(), product.description(), product.feature());
        }

        int bytes() {
            return 2 * (title.length() + brand.length() + description.length() + feature.length());
        }
    }

    public Scorer(Champion champion, Limits limits, MeterRegistry meters) {
        this.champion = champion;
        this.timeoutSeconds = limits.timeout().toSeconds();
        DistributionSummary sizes = DistributionSummary.builder("aisle.batch.products")
                .description("Products that were scored together.")
                .serviceLevelObjectives(1, 2, 4, 8, 16, 32, 64)
                .register(meters);
        this.batcher = new MicroBatcher(
                new MicroBatcher.Limits(
                        limits.threads(),
                        limits.batchProducts(),
                        limits.batchWait().toNanos(),
                        limits.queueProducts(),
                        limits.timeout().toNanos()),
                sizes::record);
        Gauge.builder("aisle.queue.products", batcher, MicroBatcher::waiting)
                .description("Products that wait to be scored.")
                .register(meters);
        this.cache = limits.cacheBytes() == 0
                ? Optional.empty()
                : Optional.of(Caffeine.newBuilder()
                        .maximumWeight(limits.cacheBytes())
                        .weigher((Text text, float[] probabilities) -> 200 + text.bytes() + 4 * probabilities.length)
                        .recordStats()
                        .build());
        cache.ifPresent(given -> CaffeineCacheMetrics.monitor(meters, given, "aisle.answers"));
    }

    /** A request has begun that may score; {@link #end} when it is answered. */
    public void begin() {
        batcher.begin();
    }

    /** The request that began is answered. */
    public void end() {
        batcher.end();
    }

    /**
     * Scores products, all by one model.
     *
     * @param model to score by, held by the caller until the answer is there
     * @param products whose fields its recipe has cleaned
     * @return the probabilities, float[labels] a product, in their order; a {@link Problem} where they waited too long
     * @throws Problem if there is no room for all of them
     */
    public CompletableFuture<List<float[]>> score(ServedModel model, List<Product> products) {
        float[][] answers = new float[products.size()][];
        List<Product> unknown = new ArrayList<>();
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i < answers.length; i++) {
            Product product = products.get(i);
            answers[i] = cache.map(given -> given.getIfPresent(Text.of(model, product)))
                    .orElse(null);
            if (answers[i] == null) {
                unknown.add(product);
                places.add(i);
            }
        }
        if (unknown.isEmpty()) {
            return CompletableFuture.completedFuture(List.of(answers));
        }
        try {
            return batcher.submit(model, unknown).handle((scored, failure) -> {
                if (failure != null) {
                    throw failed(failure);
                }
                for (int i = 0; i < scored.size(); i++) {
                    float[] probabilities = scored.get(i);
                    Text text = Text.of(model, unknown.get(i));
                    cache.ifPresent(given -> given.put(text, probabilities));
                    answers[places.get(i)] = probabilities;
                }
                return List.of(answers);
            });
        } catch (MicroBatcher.FullException full) {
            throw Problem.overloaded("Cannot answer now: found the queue full, expected room for " + unknown.size()
                    + (unknown.size() == 1 ? " product" : " products") + ". Ask again soon.");
        }
    }

    private RuntimeException failed(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof TimeoutException
                ? Problem.overloaded("Cannot answer now: found no answer within " + timeoutSeconds
                        + " s, expected one. Ask again soon.")
                : new IllegalStateException(cause);
    }

    /** The model that answers now, to be given back when the answer is there. */
    public ServedModel lease() {
        return champion.lease();
    }

    @Override
    public void close() {
        batcher.close();
    }
}
