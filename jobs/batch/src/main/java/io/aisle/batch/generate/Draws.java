package io.aisle.batch.generate;

import java.util.List;

/**
 * A stream of random draws. SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014),
 * written out because a catalog must stay the same under every Java version.
 */
final class Draws {
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    /** What a stream is for: streams of different purposes are independent, so that one more draw in one moves no other. */
    enum Purpose {
        KIND(1),
        SOURCE(2),
        CONTENT(3),
        REWORDING(4),
        FAULTS(5),
        LINE(6);

        private final long salt;

        Purpose(long salt) {
            this.salt = salt;
        }
    }

    private long state;

    Draws(long state) {
        this.state = state;
    }

    /** The stream of one row for one purpose. */
    static Draws of(long seed, long index, Purpose purpose) {
        return new Draws(mix(mix(seed + GOLDEN_GAMMA * purpose.salt) + index));
    }

    /**
     * Uniform in [0, 1), and evenly spread over every run of indexes: the additive recurrence with the golden ratio (Weyl, "Über
     * die Gleichverteilung von Zahlen mod. Eins", 1916), so that even a small catalog has its rare classes.
     */
    static double spread(long seed, long index) {
        return ((mix(seed) + index * GOLDEN_GAMMA) >>> 11) * 0x1.0p-53;
    }

    private long next() {
        state += GOLDEN_GAMMA;
        return mix(state);
    }

    /** Uniform in [0, bound). */
    int below(int bound) {
        // the bias of at most bound / 2^32 is of no account for word lists
        return (int) (((next() >>> 32) * bound) >>> 32);
    }

    /** Uniform in [0, bound), for bounds beyond int. */
    long below(long bound) {
        return bound <= Integer.MAX_VALUE ? below((int) bound) : Math.floorMod(next(), bound);
    }

    /** Uniform in [0, 1). */
    double unit() {
        return (next() >>> 11) * 0x1.0p-53;
    }

    boolean chance(double probability) {
        return unit() < probability;
    }

    <T> T pick(List<T> values) {
        return values.get(below(values.size()));
    }

    static long mix(long value) {
        long z = value;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
