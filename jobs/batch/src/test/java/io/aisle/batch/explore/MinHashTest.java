package io.aisle.batch.explore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MinHashTest {
    private static Set<String> words(Random random, int count) {
        Set<String> words = new HashSet<>();
        while (words.size() < count) {
            words.add(Integer.toString(random.nextInt(), 36));
        }
        return words;
    }

    /** Two sets of 50 words, some of them in both. */
    private static MinHash[] pair(Random random, int common) {
        Set<String> shared = words(random, common);
        Set<String> one = new HashSet<>(shared);
        one.addAll(words(random, 50 - common));
        Set<String> other = new HashSet<>(shared);
        other.addAll(words(random, 50 - common));
        return new MinHash[] {MinHash.of(one).orElseThrow(), MinHash.of(other).orElseThrow()};
    }

    @Test
    void estimatesTheJaccardIndex() {
        Random random = new Random(1);
        for (int common : new int[] {0, 20, 35, 45, 50}) {
            double sum = 0;
            for (int i = 0; i < 300; i++) {
                MinHash[] pair = pair(random, common);
                sum += MinHash.similarity(pair[0].low(), pair[0].high(), pair[1].low(), pair[1].high());
            }
            assertThat(sum / 300).as("%d words in common", common).isCloseTo(common / (100.0 - common), within(0.02));
        }
    }

    @Test
    void whatIsAlikeSharesABandAndWhatIsNotRarelyDoes() {
        Random random = new Random(2);
        // Jaccard 0.82 and 0.11
        assertThat(shareOfPairsInOneBand(random, 45)).isGreaterThan(0.96);
        assertThat(shareOfPairsInOneBand(random, 10)).isLessThan(0.01);
    }

    private static double shareOfPairsInOneBand(Random random, int common) {
        int met = 0;
        for (int i = 0; i < 500; i++) {
            MinHash[] pair = pair(random, common);
            boolean isMet = false;
            for (int band = 0; band < MinHash.BANDS; band++) {
                isMet |= pair[0].band(band) == pair[1].band(band);
            }
            met += isMet ? 1 : 0;
        }
        return met / 500.0;
    }

    @Test
    void saysNothingOfAFewWords() {
        assertThat(MinHash.of(Set.of("a", "b", "c"))).isEmpty();
    }
}
