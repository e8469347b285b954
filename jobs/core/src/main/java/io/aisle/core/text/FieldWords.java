package io.aisle.core.text;

import java.util.ArrayList;
import java.util.List;

/**
 * The words of one field as far as they can matter, and how many of them are taken.
 *
 * <p>Words are taken whole, in order; only the first may be taken in part, piece by piece, so that any budget above 0 gives the
 * field a piece.
 */
final class FieldWords {
    /**
     * A word of at least one piece.
     *
     * @param end where it ends in the field's text
     */
    private record Word(int[] pieces, int end) {}

    private final String text;
    private final WordPieceTokenizer tokenizer;
    private final List<Word> words = new ArrayList<>();
    private final int need;
    private int takenWords;
    private int takenOfFirst;
    private int taken;

    /** Reads words until they hold more than {@code room} pieces. */
    FieldWords(String text, WordPieceTokenizer tokenizer, int room) {
        this.text = text;
        this.tokenizer = tokenizer;
        int pieces = 0;
        for (BasicTokenizer cursor = new BasicTokenizer(text); pieces <= room && cursor.next(); ) {
            Word word = new Word(tokenizer.pieces(cursor), cursor.end());
            if (word.pieces().length > 0) {
                words.add(word);
                pieces += word.pieces().length;
            }
        }
        need = pieces;
    }

    /** Pieces of the whole field, or any number above the room. */
    int need() {
        return need;
    }

    /** Pieces taken so far. */
    int taken() {
        return taken;
    }

    /** Takes as much more as {@code budget} pieces allow. */
    void take(int budget) {
        int left = budget;
        if (!words.isEmpty() && takenOfFirst < words.get(0).pieces().length) {
            int more = Math.min(left, words.get(0).pieces().length - takenOfFirst);
            takenWords = 1;
            takenOfFirst += more;
            taken += more;
            left -= more;
        }
        while (takenWords > 0
                && takenWords < words.size()
                && words.get(takenWords).pieces().length <= left) {
            int more = words.get(takenWords).pieces().length;
            takenWords++;
            taken += more;
            left -= more;
        }
    }

    /** The part of the field that was taken; its ids are those of {@link #appendTo}. */
    String takenText() {
        if (taken == need) {
            // what holds more than the room is never taken whole, so the words end where the field does
            return text;
        }
        Word last = words.get(takenWords - 1);
        boolean isCutInside = takenWords == 1 && takenOfFirst < last.pieces().length;
        return isCutInside ? tokenizer.spelling(last.pieces(), takenOfFirst) : text.substring(0, last.end());
    }

    void appendTo(WordPieceTokenizer.Ids ids) {
        for (int word = 0; word < takenWords; word++) {
            int[] pieces = words.get(word).pieces();
            ids.addFirst(pieces, word == 0 ? takenOfFirst : pieces.length);
        }
    }
}
