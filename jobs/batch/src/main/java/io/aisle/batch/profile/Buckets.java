package io.aisle.batch.profile;

import java.util.List;
import java.util.stream.DoubleStream;

/**
 * The fixed buckets of a histogram, so that those of any two profiles can be compared and added.
 *
 * @param from where each begins, included; it ends where the next one begins, and the last has no end
 */
public record Buckets(List<Double> from) {
    /** Characters of a product's text: none, then powers of two. */
    public static final Buckets CHARACTERS =
            of(DoubleStream.of(0, 1, 16, 32, 64, 128, 256, 512, 1_024, 2_048, 4_096, 8_192));

    /** Confidence, in twentieths; the last holds 1 too. */
    public static final Buckets CONFIDENCE =
            of(DoubleStream.iterate(0, i -> i < 20, i -> i + 1).map(i -> i / 20));

    private static Buckets of(DoubleStream from) {
        return new Buckets(from.boxed().toList());
    }

    public int size() {
        return from.size();
    }

    /** Index of the bucket of a value, which is not negative. */
    int index(double value) {
        int index = from.size() - 1;
        while (index > 0 && value < from.get(index)) {
            index--;
        }
        return index;
    }
}
