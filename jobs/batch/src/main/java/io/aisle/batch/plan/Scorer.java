package io.aisle.batch.plan;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What scores the products of a night.
 *
 * @param name as in the tables
 * @param first the rate of what reads every scored row, by its name in {@code rates.conf}; empty where that is a GPU
 * @param second the same of the network of a cascade, which reads a share of them
 * @param isOnGpu whether the network, which is DistilBERT base in float32, is on a GPU
 */
record Scorer(String name, Optional<String> first, Optional<String> second, boolean isOnGpu) {
    private static final int LAYERS = 6;
    private static final int WIDTH = 768;
    private static final int INNER_WIDTH = 3072;

    static Scorer alone(String name, String rate) {
        return new Scorer(name, Optional.of(rate), Optional.empty(), false);
    }

    static Scorer cascade(String name, String first, String second) {
        return new Scorer(name, Optional.of(first), Optional.of(second), false);
    }

    static Scorer onGpu(String name) {
        return new Scorer(name, Optional.empty(), Optional.empty(), true);
    }

    static Scorer cascadeOnGpu(String name, String first) {
        return new Scorer(name, Optional.of(first), Optional.empty(), true);
    }

    /** Whether part of the rows are read by a second model. */
    private boolean isCascade() {
        return second.isPresent() || (isOnGpu && first.isPresent());
    }

    /** Seconds that a machine of the shape, with all its cores or GPUs, needs for a row. */
    double nodeSeconds(Rates rates, Shape shape, PlanSettings settings) {
        double onCores = first.map(rate -> rates.score().get(rate).coreSeconds(settings.tokens()))
                .orElse(0.0);
        double network = second.map(rate -> rates.score().get(rate).coreSeconds(settings.tokens()) / shape.cores())
                .orElse(0.0);
        if (isOnGpu) {
            Shape.Gpu gpu = shape.gpu().orElseThrow();
            network =
                    1 / (gpuRate(gpu, settings.gpuRate(), settings.gpuUtilisation(), settings.tokens()) * gpu.count());
        }
        return onCores / shape.cores() + network * (isCascade() ? settings.cascadeShare() : 1);
    }

    /** Rows a second of one GPU: as given, else its peak × the share of it that is used ÷ the operations of a row. */
    static double gpuRate(Shape.Gpu gpu, OptionalDouble given, double utilisation, int tokens) {
        return given.orElseGet(() -> gpu.teraflops() * 1e12 * utilisation / operations(tokens));
    }

    /**
     * Floating-point operations of DistilBERT base for a text: two a weight of a layer's matrices and token, and those of attention, which
     * grow with the square. What the embeddings and the head take is left out.
     */
    static double operations(int tokens) {
        double weights = 4.0 * WIDTH * WIDTH + 2.0 * WIDTH * INNER_WIDTH;
        return LAYERS * (2 * weights * tokens + 4.0 * tokens * tokens * WIDTH);
    }
}
