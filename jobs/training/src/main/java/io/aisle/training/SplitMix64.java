package io.aisle.training;

/** Seeds that have nothing to do with each other from numbers that do (Steele et al. 2014, SplitMix64). */
final class SplitMix64 {
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    private SplitMix64() {}

    /** The seed of that index in the sequence that starts from another seed. */
    static long seed(long start, long index) {
        long mixed = start + GOLDEN_GAMMA * (index + 1);
        mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }
}
