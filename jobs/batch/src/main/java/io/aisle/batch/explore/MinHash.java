package io.aisle.batch.explore;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.Optional;
import org.apache.datasketches.hash.MurmurHash3;

/**
 * How alike two sets of words are, without the sets (Broder 1997): of {@value #HASHES} hash functions the smallest value over the words.
 * Bands of {@value #ROWS} of them bring together what may be alike (locality-sensitive hashing: Leskovec, Rajaraman and Ullman, Mining of
 * Massive Datasets, section 3.4): two sets with a Jaccard index of 0.8 share one of {@value #BANDS} bands with a probability of 98%. Two
 * bits of each value estimate the index (b-bit minwise hashing, Li and König 2010) to about 0.05.
 */
final class MinHash {
    static final int BANDS = 10;
    private static final int ROWS = 5;
    private static final int HASHES = 64;
    private static final int BITS = 2;
    private static final int MIN_WORDS = 4;
    private static final long SEED = 20_261_126L;

    private final long[] bands;
    private final long low;
    private final long high;

    private MinHash(long[] smallest) {
        bands = new long[BANDS];
        for (int band = 0; band < BANDS; band++) {
            bands[band] = MurmurHash3.hash(Arrays.copyOfRange(smallest, band * ROWS, (band + 1) * ROWS), SEED)[0];
        }
        low = bits(smallest, 0);
        high = bits(smallest, HASHES / 2);
    }

    private static long bits(long[] smallest, int from) {
        long bits = 0;
        for (int i = 0; i < HASHES / 2; i++) {
            bits |= (smallest[from + i] & 3) << (i * BITS);
        }
        return bits;
    }

    /** Empty for fewer than {@value #MIN_WORDS} words, of which nothing can be said. */
    static Optional<MinHash> of(Collection<String> words) {
        if (words.size() < MIN_WORDS) {
            return Optional.empty();
        }
        long[] smallest = new long[HASHES];
        Arrays.fill(smallest, Long.MAX_VALUE);
        for (String word : words) {
            long hash = hash(word);
            for (int i = 0; i < HASHES; i++) {
                smallest[i] = Math.min(smallest[i], mixed(hash + i * 0x9E3779B97F4A7C15L));
            }
        }
        return Optional.of(new MinHash(smallest));
    }

    /** 64 bits of a text. */
    static long hash(String text) {
        // the hash of nothing is not defined
        return MurmurHash3.hash((text + '\0').getBytes(StandardCharsets.UTF_8), SEED)[0];
    }

    /** The finalizer of SplitMix64 (Steele, Lea and Flood 2014). */
    private static long mixed(long value) {
        long mixed = (value ^ value >>> 30) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94D049BB133111EBL;
        return mixed ^ mixed >>> 31;
    }

    long band(int band) {
        return bands[band];
    }

    /** The bits of the first half of the values. */
    long low() {
        return low;
    }

    /** The bits of the second half. */
    long high() {
        return high;
    }

    /** The estimated Jaccard index of two sets, by the bits of both; below 0 where they are less alike than chance has it. */
    static double similarity(long lowA, long highA, long lowB, long highB) {
        double equal = equal(lowA ^ lowB) + equal(highA ^ highB);
        double chance = 1.0 / (1 << BITS);
        return (equal / HASHES - chance) / (1 - chance);
    }

    /** How many of the 32 pairs of bits are 0. */
    private static int equal(long difference) {
        return HASHES / 2 - Long.bitCount((difference | difference >>> 1) & 0x5555555555555555L);
    }
}
