package io.aisle.core.text;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The ids that Hugging Face's uncased BERT tokenizer gives (WordPiece, greedy longest match first: Devlin et al. 2019, section 3;
 * Wu et al. 2016, section 4.1).
 *
 * <p>Remembers the words it has seen, up to a bound, so it is not safe for use by several threads. It costs about as much as one
 * copy of the vocabulary: make one a task.
 */
public final class WordPieceTokenizer {
    /** A longer word, in code points after folding, is [UNK]. */
    private static final int MAX_WORD_LENGTH = 100;

    private static final int MAX_REMEMBERED_WORDS = 50_000;
    private static final int MAX_REMEMBERED_LENGTH = 64;
    private static final int[] NOTHING = {};

    private final Vocabulary vocabulary;
    private final Map<String, Integer> firstPieces = new HashMap<>();
    private final Map<String, Integer> laterPieces = new HashMap<>();
    private final int maxPieceLength;
    private final int[] unknown;
    private final Map<String, int[]> remembered = new HashMap<>();

    public WordPieceTokenizer(Vocabulary vocabulary) {
        this.vocabulary = vocabulary;
        int longest = 0;
        for (int id = 0; id < vocabulary.size(); id++) {
            String piece = vocabulary.piece(id);
            longest = Math.max(longest, piece.length());
            firstPieces.put(piece, id);
            if (piece.startsWith(Vocabulary.CONTINUATION)) {
                laterPieces.put(piece.substring(Vocabulary.CONTINUATION.length()), id);
            }
        }
        maxPieceLength = longest;
        unknown = new int[] {vocabulary.unknownId()};
    }

    /** Whose ids these are. */
    public Vocabulary vocabulary() {
        return vocabulary;
    }

    /**
     * The ids of the whole text, not truncated: [CLS], the pieces, [SEP]. A special token that is written in the text, in exact
     * upper case, gives its own id.
     *
     * @return at least two ids
     */
    public int[] encode(String text) {
        Ids ids = new Ids();
        ids.add(vocabulary.classId());
        for (BasicTokenizer words = new BasicTokenizer(text); words.next(); ) {
            ids.addAll(pieces(words));
        }
        ids.add(vocabulary.separatorId());
        return ids.toArray();
    }

    /** The ids of the word that the cursor stands on; not to be changed. */
    int[] pieces(BasicTokenizer words) {
        if (words.special() != null) {
            return new int[] {vocabulary.id(words.special())};
        }
        String source = words.source();
        int[] known = remembered.get(source);
        if (known != null) {
            return known;
        }
        int[] pieces = split(words.folded());
        if (source.length() <= MAX_REMEMBERED_LENGTH) {
            if (remembered.size() == MAX_REMEMBERED_WORDS) {
                remembered.clear();
            }
            remembered.put(source, pieces);
        }
        return pieces;
    }

    /** What the first {@code count} pieces of a word that is not [UNK] spell; split again, it gives these pieces. */
    String spelling(int[] pieces, int count) {
        StringBuilder spelling = new StringBuilder(vocabulary.piece(pieces[0]));
        for (int i = 1; i < count; i++) {
            spelling.append(
                    vocabulary.piece(pieces[i]),
                    Vocabulary.CONTINUATION.length(),
                    vocabulary.piece(pieces[i]).length());
        }
        return spelling.toString();
    }

    /** Whether a folded word is [UNK] whatever the vocabulary. */
    static boolean isTooLong(String word) {
        return word.length() > MAX_WORD_LENGTH && word.codePointCount(0, word.length()) > MAX_WORD_LENGTH;
    }

    private int[] split(String word) {
        if (word.isEmpty()) {
            return NOTHING;
        }
        if (isTooLong(word)) {
            return unknown;
        }
        int[] pieces = new int[word.length()];
        int count = 0;
        for (int start = 0; start < word.length(); ) {
            Map<String, Integer> candidates = start == 0 ? firstPieces : laterPieces;
            int end = Math.min(word.length(), start + maxPieceLength);
            Integer id = candidates.get(word.substring(start, end));
            while (id == null && --end > start) {
                id = candidates.get(word.substring(start, end));
            }
            if (id == null) {
                return unknown;
            }
            pieces[count++] = id;
            start = end;
        }
        return Arrays.copyOf(pieces, count);
    }

    /** A growing array of ids. */
    static final class Ids {
        private int[] values = new int[128];
        private int size;

        void add(int id) {
            if (size == values.length) {
                values = Arrays.copyOf(values, size * 2);
            }
            values[size++] = id;
        }

        void addAll(int[] ids) {
            addFirst(ids, ids.length);
        }

        void addFirst(int[] ids, int count) {
            if (size + count > values.length) {
                values = Arrays.copyOf(values, Math.max(size + count, values.length * 2));
            }
            System.arraycopy(ids, 0, values, size, count);
            size += count;
        }

        int size() {
            return size;
        }

        int[] toArray() {
            return Arrays.copyOf(values, size);
        }
    }
}
