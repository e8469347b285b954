package io.aisle.core.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aisle.core.UserException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class VocabularyLearnerTest {
    /**
     * Pairs: h ##u 20 (hug 10, hut 10), ##u ##g 15, ##u ##t 10, p ##u 5. After hu: hu ##g 10 and hu ##t 10 are equal, so ##g
     * wins as a string; then hu ##t; then ##u ##g and p ##u, equal at 5, of which ##u is the smaller string.
     */
    @Test
    void mergesTheMostFrequentPairFirst() {
        Vocabulary vocabulary = VocabularyLearner.learn(Map.of("hug", 10L, "hut", 10L, "pug", 5L), 100);
        assertThat(vocabulary.pieces())
                .containsExactly(
                        "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "g", "h", "p", "t", "u", "##g", "##t", "##u",
                        "hu", "hug", "hut", "##ug", "pug");
    }

    @Test
    void stopsAtTheSize() {
        Map<String, Long> counts = Map.of("hug", 10L, "hut", 10L, "pug", 5L);
        assertThat(VocabularyLearner.learn(counts, 15).pieces()).hasSize(15).endsWith("hu", "hug");
        assertThat(VocabularyLearner.learn(counts, 7).pieces()).hasSize(7).contains("u", "##u");
    }

    @Test
    void learnsWhatCountingAnewAfterEveryMergeLearns() {
        for (int seed = 0; seed < 60; seed++) {
            Random random = new Random(seed);
            Map<String, Long> counts = new HashMap<>();
            for (int i = 0; i < 60; i++) {
                StringBuilder word = new StringBuilder();
                for (int length = 1 + random.nextInt(9); length > 0; length--) {
                    word.append((char) ('a' + random.nextInt(3)));
                }
                counts.put(word.toString(), 1L + random.nextInt(20));
            }
            assertThat(VocabularyLearner.learn(counts, 90).pieces())
                    .as("seed %d", seed)
                    .isEqualTo(recounting(counts, 90));
        }
    }

    @Test
    void learnsTheSameInWhateverOrderTheWordsCome() {
        Random random = new Random(8);
        Map<String, Long> counts = new LinkedHashMap<>();
        for (int i = 0; i < 400; i++) {
            for (String word : BasicTokenizer.words(RandomTexts.next(random))) {
                counts.merge(word, 1L, Long::sum);
            }
        }
        Map<String, Long> reversed = new LinkedHashMap<>();
        List<String> words = new ArrayList<>(counts.keySet());
        for (int i = words.size() - 1; i >= 0; i--) {
            reversed.put(words.get(i), counts.get(words.get(i)));
        }
        assertThat(VocabularyLearner.learn(reversed, 900)).isEqualTo(VocabularyLearner.learn(counts, 900));
    }

    @Test
    void learnsNothingFromAWordThatTheTokenizerTakesForUnknown() {
        String blob = "\uD83C\uDF88".repeat(101);
        assertThat(VocabularyLearner.learn(Map.of("hug", 1L, blob, 9L), 100).pieces())
                .doesNotContain("\uD83C\uDF88")
                .contains("hug");
        assertThat(VocabularyLearner.learn(Map.of("hug", 1L, blob.substring(2), 9L), 100)
                        .pieces())
                .contains("\uD83C\uDF88");
    }

    @Test
    void keepsTheThousandMostFrequentCharacters() {
        Map<String, Long> counts = new HashMap<>();
        for (int i = 0; i < 1_500; i++) {
            counts.put(Character.toString(0x4E00 + i), i < 500 ? 1L : 2L);
        }
        Vocabulary vocabulary = VocabularyLearner.learn(counts, 8_000);
        assertThat(vocabulary.size()).isEqualTo(1_005);
        assertThat(vocabulary.id(Character.toString(0x4E00 + 499))).isEqualTo(-1);
        assertThat(vocabulary.id(Character.toString(0x4E00 + 500))).isEqualTo(5);
    }

    @Test
    void learnsManyWords() {
        Random random = new Random(9);
        Map<String, Long> counts = new HashMap<>();
        while (counts.size() < 30_000) {
            StringBuilder word = new StringBuilder();
            for (int length = 2 + random.nextInt(10); length > 0; length--) {
                word.append((char) ('a' + (int) Math.abs(random.nextGaussian() * 6) % 26));
            }
            counts.put(word.toString(), 1L + random.nextInt(1_000));
        }
        Vocabulary vocabulary = VocabularyLearner.learn(counts, 4_000);
        assertThat(vocabulary.size()).isEqualTo(4_000);
        assertThat(new TreeSet<>(vocabulary.pieces())).hasSize(4_000);
    }

    @Test
    void refusesSizeWithoutRoomForCharacters() {
        assertThatThrownBy(() -> VocabularyLearner.learn(Map.of("a", 1L), 6))
                .isInstanceOf(UserException.class)
                .hasMessage(
                        "Cannot learn a vocabulary: found a size of 6, expected at least 7; a useful one has some thousand"
                                + " pieces");
    }

    @Test
    void refusesTextWithoutWords() {
        assertThatThrownBy(() -> VocabularyLearner.learn(Map.of("a", 0L), 100))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot learn a vocabulary: found no word, expected text with letters or digits");
    }

    /** The same by definition: count all pairs, merge the best, begin again. */
    private static List<String> recounting(Map<String, Long> counts, int size) {
        TreeSet<String> alphabet = new TreeSet<>();
        TreeSet<String> inside = new TreeSet<>();
        Map<List<String>, Long> words = new LinkedHashMap<>();
        counts.forEach((word, count) -> {
            List<String> symbols = new ArrayList<>();
            for (int i = 0; i < word.length(); i++) {
                alphabet.add(word.substring(i, i + 1));
                symbols.add((i == 0 ? "" : "##") + word.charAt(i));
                if (i > 0) {
                    inside.add(symbols.get(i));
                }
            }
            words.put(symbols, count);
        });
        List<String> pieces = new ArrayList<>(List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"));
        pieces.addAll(alphabet);
        pieces.addAll(inside);
        while (pieces.size() < size) {
            // a tree map goes by left piece, then right piece: the first of the greatest is the one to merge
            TreeMap<String, TreeMap<String, Long>> pairs = new TreeMap<>();
            words.forEach((symbols, count) -> {
                for (int i = 0; i + 1 < symbols.size(); i++) {
                    pairs.computeIfAbsent(symbols.get(i), left -> new TreeMap<>())
                            .merge(symbols.get(i + 1), count, Long::sum);
                }
            });
            String left = null;
            String right = null;
            long most = 0;
            for (Map.Entry<String, TreeMap<String, Long>> row : pairs.entrySet()) {
                for (Map.Entry<String, Long> cell : row.getValue().entrySet()) {
                    if (cell.getValue() > most) {
                        most = cell.getValue();
                        left = row.getKey();
                        right = cell.getKey();
                    }
                }
            }
            if (left == null) {
                break;
            }
            String merged = left + right.substring(2);
            if (!pieces.contains(merged)) {
                pieces.add(merged);
            }
            Map<List<String>, Long> before = new LinkedHashMap<>(words);
            words.clear();
            for (Map.Entry<List<String>, Long> word : before.entrySet()) {
                List<String> symbols = new ArrayList<>();
                for (int i = 0; i < word.getKey().size(); i++) {
                    boolean here = i + 1 < word.getKey().size()
                            && word.getKey().get(i).equals(left)
                            && word.getKey().get(i + 1).equals(right);
                    symbols.add(here ? merged : word.getKey().get(i));
                    i += here ? 1 : 0;
                }
                words.put(symbols, word.getValue());
            }
        }
        return pieces;
    }
}
