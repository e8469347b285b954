package io.aisle.bench;

import java.util.List;
import java.util.SplittableRandom;

/** Words of a made-up language that are as frequent, and about as long, as those of product texts. The same for ever. */
final class Lexicon {
    /**
     * So many of the most frequent words of MWPD 2020's {@code train.jsonl} are, together, {@link #SHARES} of all its words. Its 1.2 million
     * words are of 42,126 kinds (as {@code scripts/aisle explore} counts them), half of them met once, so that one word in fifty of a further
     * text is new: these are the last.
     */
    private static final double[] RANKS = {0, 1, 10, 100, 1_000, 8_000, 20_000, 45_000, 2_000_000};

    private static final double[] SHARES = {0, 0.027, 0.14, 0.353, 0.653, 0.907, 0.967, 0.98, 1};

    /** More frequent words have stems of their own, the others are made of these with an ending. */
    private static final int STEMS = 8_000;

    private static final List<String> ONSETS = List.of(
            "b", "c", "d", "f", "g", "h", "j", "k", "l", "m", "n", "p", "r", "s", "t", "v", "w", "st", "tr", "ch", "sh",
            "gr", "pl");
    private static final List<String> VOWELS = List.of("a", "e", "i", "o", "u", "ea", "oo");
    private static final List<String> CODAS = List.of("", "", "n", "r", "s", "t", "l");
    private static final List<String> ENDINGS =
            List.of("s", "ed", "er", "ing", "ly", "ness", "able", "proof", "less", "board", "ware", "set");

    private Lexicon() {}

    /** A word, the frequent ones more often. */
    static String draw(SplittableRandom random) {
        double share = random.nextDouble();
        int above = 1;
        while (SHARES[above] < share) {
            above++;
        }
        double part = (share - SHARES[above - 1]) / (SHARES[above] - SHARES[above - 1]);
        double from = Math.log1p(RANKS[above - 1]);
        return word((int) Math.expm1(from + part * (Math.log1p(RANKS[above]) - from)));
    }

    /** The word of a rank, 0 being the most frequent. */
    static String word(int rank) {
        SplittableRandom random = new SplittableRandom(rank);
        // the first draw of neighbouring seeds is alike
        random.nextLong();
        if (rank < STEMS) {
            return syllables(random, rank < 100 ? 1 + rank % 2 : rank < 1_000 ? 2 : 2 + rank % 2);
        }
        if (random.nextInt(6) == 0) {
            return syllables(random, 1) + (10 + random.nextInt(9_990));
        }
        return word(random.nextInt(STEMS))
                + pick(random, ENDINGS)
                + (random.nextInt(3) == 0 ? pick(random, ENDINGS) : "");
    }

    private static String syllables(SplittableRandom random, int count) {
        StringBuilder word = new StringBuilder();
        for (int i = 0; i < count; i++) {
            word.append(pick(random, ONSETS)).append(pick(random, VOWELS)).append(pick(random, CODAS));
        }
        return word.toString();
    }

    private static String pick(SplittableRandom random, List<String> of) {
        return of.get(random.nextInt(of.size()));
    }
}
