package io.aisle.core.text;

import io.aisle.core.UserException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Learns a WordPiece vocabulary as Hugging Face's WordPieceTrainer does: byte-pair encoding (Sennrich et al. 2016, algorithm 1)
 * on code points, where a piece inside a word begins with {@code ##}.
 *
 * <p>The same counts give the same vocabulary, in whatever order the map holds them: the most frequent pair is merged first; of
 * equally frequent ones that with the smaller left piece, then the smaller right piece, as strings.
 */
public final class VocabularyLearner {
    private static final int MAX_ALPHABET = 1_000;

    private static final Comparator<Candidate> BEST_FIRST = Comparator.comparingLong(Candidate::count)
            .reversed()
            .thenComparing(candidate -> candidate.pair().leftPiece)
            .thenComparing(candidate -> candidate.pair().rightPiece);

    private final int size;
    private final List<String> pieces = new ArrayList<>();
    private final Map<String, Integer> ids = new HashMap<>();
    private final List<int[]> words = new ArrayList<>();
    private final List<Long> counts = new ArrayList<>();
    private final Map<Long, Pair> pairs = new HashMap<>();
    private final PriorityQueue<Candidate> candidates = new PriorityQueue<>(BEST_FIRST);

    private VocabularyLearner(int size) {
        this.size = size;
    }

    /**
     * Learns the pieces of these words. First come the special tokens ([PAD] is 0), then the characters by code point: the 1,000
     * most frequent (fewer if the vocabulary is small), a word without the others' ones; then merges until there are {@code size}
     * pieces, or no word is longer than one piece. A word that the tokenizer takes for [UNK] for its length counts for nothing.
     *
     * @param wordCounts how often each word occurs; words as {@link BasicTokenizer#words} gives them
     * @param size the most pieces to have
     * @throws UserException if there is no word, or {@code size} leaves no room for a character
     */
    public static Vocabulary learn(Map<String, Long> wordCounts, int size) {
        int special = SpecialToken.values().length;
        if (size < special + 2) {
            throw new UserException("Cannot learn a vocabulary: found a size of " + size + ", expected at least "
                    + (special + 2) + "; a useful one has some thousand pieces");
        }
        SortedMap<String, Long> sorted = new TreeMap<>(wordCounts);
        sorted.entrySet().removeIf(entry -> entry.getValue() <= 0 || WordPieceTokenizer.isTooLong(entry.getKey()));
        if (sorted.isEmpty()) {
            throw new UserException("Cannot learn a vocabulary: found no word, expected text with letters or digits");
        }
        VocabularyLearner learner = new VocabularyLearner(size);
        learner.addCharacters(sorted, Math.min(MAX_ALPHABET, (size - special) / 2));
        learner.countPairs();
        learner.mergePairs();
        return Vocabulary.of(learner.pieces);
    }

    private void addCharacters(SortedMap<String, Long> wordCounts, int maxAlphabet) {
        for (SpecialToken token : SpecialToken.values()) {
            pieceId(token.piece());
        }
        Set<Integer> alphabet = alphabet(wordCounts, maxAlphabet);
        Set<Integer> inside = new TreeSet<>();
        wordCounts.keySet().forEach(word -> word.codePoints().skip(1).forEach(inside::add));
        inside.retainAll(alphabet);
        alphabet.forEach(codePoint -> pieceId(Character.toString(codePoint)));
        inside.forEach(codePoint -> pieceId(Vocabulary.CONTINUATION + Character.toString(codePoint)));
        wordCounts.forEach((word, count) -> {
            int[] symbols = symbols(word, alphabet);
            if (symbols.length > 1) {
                words.add(symbols);
                counts.add(count);
            }
        });
    }

    private static Set<Integer> alphabet(SortedMap<String, Long> wordCounts, int maxAlphabet) {
        Map<Integer, Long> frequencies = new TreeMap<>();
        wordCounts.forEach((word, count) ->
                word.codePoints().forEach(codePoint -> frequencies.merge(codePoint, count, Long::sum)));
        Set<Integer> alphabet = new TreeSet<>();
        frequencies.entrySet().stream()
                .sorted(Map.Entry.<Integer, Long>comparingByValue()
                        .reversed()
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(maxAlphabet)
                .forEach(entry -> alphabet.add(entry.getKey()));
        return alphabet;
    }

    private int[] symbols(String word, Set<Integer> alphabet) {
        int[] codePoints = word.codePoints().toArray();
        int[] symbols = new int[codePoints.length];
        int length = 0;
        for (int i = 0; i < codePoints.length; i++) {
            if (alphabet.contains(codePoints[i])) {
                symbols[length++] =
                        ids.get((i == 0 ? "" : Vocabulary.CONTINUATION) + Character.toString(codePoints[i]));
            }
        }
        return Arrays.copyOf(symbols, length);
    }

    private void countPairs() {
        for (int word = 0; word < words.size(); word++) {
            int[] symbols = words.get(word);
            for (int i = 0; i + 1 < symbols.length; i++) {
                Pair pair = pair(symbols[i], symbols[i + 1]);
                pair.count += counts.get(word);
                pair.addWord(word);
            }
        }
        pairs.values().forEach(this::enqueue);
    }

    private void mergePairs() {
        while (pieces.size() < size && !candidates.isEmpty()) {
            Candidate candidate = candidates.poll();
            Pair pair = candidate.pair();
            if (candidate.count() != pair.queued) {
                continue; // a later entry stands for the pair
            }
            pair.queued = 0;
            if (candidate.count() == pair.count) {
                merge(pair);
            } else {
                enqueue(pair);
            }
        }
    }

    private void merge(Pair merged) {
        int piece = pieceId(merged.leftPiece + merged.rightPiece.substring(Vocabulary.CONTINUATION.length()));
        Set<Pair> grown = new LinkedHashSet<>();
        for (int i = 0; i < merged.wordCount; i++) {
            int word = merged.words[i];
            int[] before = words.get(word);
            int[] after = replace(before, merged, piece);
            if (after.length == before.length) {
                continue; // an earlier merge took the pair out of this word
            }
            long count = counts.get(word);
            for (int k = 0; k + 1 < before.length; k++) {
                pair(before[k], before[k + 1]).count -= count;
            }
            for (int k = 0; k + 1 < after.length; k++) {
                Pair pair = pair(after[k], after[k + 1]);
                pair.count += count;
                if (after[k] == piece || after[k + 1] == piece) {
                    pair.addWord(word);
                    grown.add(pair);
                }
            }
            words.set(word, after);
        }
        grown.forEach(this::enqueue);
    }

    private static int[] replace(int[] symbols, Pair pair, int piece) {
        int[] replaced = new int[symbols.length];
        int length = 0;
        for (int i = 0; i < symbols.length; i++) {
            boolean here = i + 1 < symbols.length && symbols[i] == pair.left && symbols[i + 1] == pair.right;
            replaced[length++] = here ? piece : symbols[i];
            i += here ? 1 : 0;
        }
        return length == symbols.length ? symbols : Arrays.copyOf(replaced, length);
    }

    /** Entries are not removed when a pair gets rarer: {@link #mergePairs} puts such a pair back where it belongs. */
    private void enqueue(Pair pair) {
        if (pair.count > pair.queued) {
            pair.queued = pair.count;
            candidates.add(new Candidate(pair, pair.count));
        }
    }

    private int pieceId(String piece) {
        return ids.computeIfAbsent(piece, added -> {
            pieces.add(added);
            return pieces.size() - 1;
        });
    }

    private Pair pair(int left, int right) {
        return pairs.computeIfAbsent(
                (long) left << Integer.SIZE | right, key -> new Pair(left, right, pieces.get(left), pieces.get(right)));
    }

    /** Two neighbouring pieces, and the words they were seen in (some of them perhaps no longer). */
    private static final class Pair {
        private final int left;
        private final int right;
        private final String leftPiece;
        private final String rightPiece;
        private int[] words = new int[2];
        private int wordCount;
        private long count;
        private long queued;

        private Pair(int left, int right, String leftPiece, String rightPiece) {
            this.left = left;
            this.right = right;
            this.leftPiece = leftPiece;
            this.rightPiece = rightPiece;
        }

        private void addWord(int word) {
            if (wordCount > 0 && words[wordCount - 1] == word) {
                return;
            }
            if (wordCount == words.length) {
                words = Arrays.copyOf(words, wordCount * 2);
            }
            words[wordCount++] = word;
        }
    }

    private record Candidate(Pair pair, long count) {}
}
